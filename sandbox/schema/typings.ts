/**
 * Reads the property names and types of one resource or function out of an SDK's `.d.ts` files.
 *
 * Only the syntax is parsed, no type checking: the SDKs are generated and use a dozen forms, so parsing 6 MB of AWS
 * types takes a second instead of a minute. A form not seen before throws, so that a new SDK cannot be half read.
 *
 * A type is written as text: `string`, `number`, `boolean`, `any`, `asset`, `'a'` (literal), `#in:Name` or `#out:Name`
 * (object type of the package), `T[]`, `{T}` (map) and ` | ` between alternatives; a trailing `!` marks "required".
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

export type Properties = Record<string, string>;

export class Typings {
  readonly root: string;
  readonly types: Record<string, Properties> = {};
  private readonly bundles = new Map<string, Map<string, ts.Node>>();

  /** @param root folder of the installed package. */
  constructor(root: string) {
    this.root = root;
  }

  /** Interface `name` of the declaration file `file`, or undefined when the file has none. */
  interfaceIn(file: string, name: string): Properties | undefined {
    const node = this.declarations(file).get(name);
    return node && ts.isInterfaceDeclaration(node) ? this.members(node.members, name) : undefined;
  }

  /** Public `readonly x: pulumi.Output<T>` members of the resource class. */
  outputsIn(file: string, name: string): Properties {
    const node = this.declarations(file).get(name);
    if (!node || !ts.isClassDeclaration(node)) throw new Error(`${file}: no class ${name}`);
    return this.members(
      node.members.filter(ts.isPropertyDeclaration).filter((member) => member.type !== undefined),
      name,
    );
  }

  private declarations(file: string): Map<string, ts.Node> {
    const cached = this.bundles.get(file);
    if (cached) return cached;
    const found = new Map<string, ts.Node>();
    const path = join(this.root, file);
    if (existsSync(path)) {
      const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, false);
      const visit = (node: ts.Node, prefix: string): void => {
        if (ts.isModuleDeclaration(node)) {
          if (node.body) ts.forEachChild(node.body, (child) => visit(child, `${prefix}${node.name.text}.`));
        } else if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
          found.set(prefix + node.name.text, node);
        } else if (ts.isClassDeclaration(node) && node.name) {
          found.set(prefix + node.name.text, node);
        } else if (ts.isVariableStatement(node)) {
          for (const declaration of node.declarationList.declarations) {
            if (ts.isIdentifier(declaration.name)) found.set(`const ${prefix}${declaration.name.text}`, declaration);
          }
        }
      };
      ts.forEachChild(source, (child) => visit(child, ""));
    }
    this.bundles.set(file, found);
    return found;
  }

  private members(members: readonly ts.Node[], owner: string): Properties {
    const result: Properties = {};
    for (const member of members) {
      if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
      if (!member.type || ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) continue;
      const name = ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : undefined;
      if (name === undefined) throw new Error(`${owner}: unreadable property name`);
      const required = ts.isPropertySignature(member) && !member.questionToken;
      result[name] = this.type(member.type, `${owner}.${name}`) + (required ? "!" : "");
    }
    return sorted(result);
  }

  private type(node: ts.TypeNode, where: string): string {
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return "string";
      case ts.SyntaxKind.NumberKeyword:
        return "number";
      case ts.SyntaxKind.BooleanKeyword:
        return "boolean";
      case ts.SyntaxKind.AnyKeyword:
        return "any";
    }
    if (ts.isParenthesizedTypeNode(node)) return this.type(node.type, where);
    if (ts.isArrayTypeNode(node)) return wrap(this.type(node.elementType, where)) + "[]";
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return `'${node.literal.text}'`;
    if (ts.isUnionTypeNode(node)) {
      const parts = node.types
        .filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword)
        .map((part) => this.type(part, where));
      // An open enum (`string | enums.Region`) accepts every string: the literals are only editor hints.
      const open = parts.includes("string") ? parts.filter((part) => !part.startsWith("'")) : parts;
      return [...new Set(open)].join(" | ");
    }
    if (ts.isTypeLiteralNode(node)) {
      const index = node.members.find(ts.isIndexSignatureDeclaration);
      if (index) return `{${this.type(index.type, where)}}`;
    }
    if (ts.isTypeReferenceNode(node)) return this.reference(node, where);
    throw new Error(`${this.root}: ${where} uses a type form this reader does not know; extend sandbox/schema/typings.ts`);
  }

  private reference(node: ts.TypeReferenceNode, where: string): string {
    const name = dotted(node.typeName);
    const inner = node.typeArguments?.[0];
    if ((name === "pulumi.Input" || name === "pulumi.Output" || name === "Promise") && inner) {
      return this.type(inner, where);
    }
    if (name.startsWith("pulumi.asset.")) return "asset";
    if (name === "pulumi.ID" || name === "pulumi.URN" || name === "ARN") return "string";
    if (name.startsWith("inputs.")) return this.object("in", "types/input.d.ts", name.slice("inputs.".length));
    if (name.startsWith("outputs.")) return this.object("out", "types/output.d.ts", name.slice("outputs.".length));
    if (name.startsWith("enums.")) return this.enumeration(name.slice("enums.".length));
    // A resource class (`string | Role`): the engine hands over its id.
    return "string";
  }

  private object(side: "in" | "out", file: string, name: string): string {
    const key = `${side}:${name}`;
    if (!(key in this.types)) {
      const node = this.declarations(file).get(name);
      if (!node || !ts.isInterfaceDeclaration(node)) throw new Error(`${file}: no interface ${name}`);
      this.types[key] = {}; // before the members: some types contain themselves
      this.types[key] = this.members(node.members, name);
    }
    return `#${key}`;
  }

  private enumeration(name: string): string {
    const parts = name.split(".");
    const last = parts.pop() ?? name;
    const file = join("types/enums", ...parts, "index.d.ts");
    const constant = this.declarations(file).get(`const ${last}`);
    if (!constant || !ts.isVariableDeclaration(constant) || !constant.type || !ts.isTypeLiteralNode(constant.type)) {
      throw new Error(`${this.root}/${file}: no enumeration ${last}`);
    }
    const values = constant.type.members.flatMap((member) =>
      ts.isPropertySignature(member) && member.type ? [this.type(member.type, name)] : [],
    );
    return values.join(" | ");
  }
}

/** `A | B` before `[]` needs parentheses to be read back as one element type. */
function wrap(text: string): string {
  return text.includes(" | ") ? `(${text})` : text;
}

function dotted(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${dotted(name.left)}.${name.right.text}`;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
