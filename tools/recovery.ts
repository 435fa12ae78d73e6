/**
 * After an update was killed: what may exist in the cloud without being in the state, and how it gets there. A plain
 * `pulumi up` only warns about it and creates it again: a second server, or an error where the name must be unique.
 * `pulumi refresh --import-pending-creates` is not used: on this engine it drops the operation without importing it.
 */

/** A creation that the engine began and never saw the end of. */
export interface PendingCreate {
  urn: string;
  type: string;
  name: string;
  /** URN of the component it belongs to. */
  parent: string;
  protect: boolean;
}

/** An exported stack, or a checkpoint of the file backend: the parts that are read. */
export interface Deployment {
  pending_operations?: { type: string; resource: { urn: string; type: string; parent?: string; protect?: boolean } }[];
}

export function pendingCreates(deployment: Deployment | undefined): PendingCreate[] {
  return (deployment?.pending_operations ?? [])
    .filter((operation) => operation.type === "creating")
    .map(({ resource }) => ({
      urn: resource.urn,
      type: resource.type,
      name: resource.urn.split("::").at(-1) ?? resource.urn,
      parent: resource.parent ?? "",
      protect: resource.protect === true,
    }));
}

/** What `pulumi import --file` reads: one existing resource, under the name and parent that the program gives it. */
export function importFile(pending: PendingCreate, id: string): string {
  const { type, name, parent } = pending;
  const nameTable = parent === "" ? {} : { parent };
  const resource = { type, name, id, ...(parent === "" ? {} : { parent: "parent" }) };
  return JSON.stringify({ nameTable, resources: [resource] }, null, 2);
}

/** Arguments of the import; the code exists already, and the program decides about protection. */
export function importArguments(stack: string, file: string): string[] {
  return [
    "import",
    "--yes",
    "--skip-preview",
    "--generate-code=false",
    "--protect=false",
    "--file",
    file,
    "--stack",
    stack,
  ];
}

/** Arguments that make the engine forget creations which did not happen or have been imported. */
export function forgetArguments(stack: string): string[] {
  return ["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", stack];
}

/** What to do, in words and commands, for a stack in a real cloud. */
export function recoveryText(stack: string, pending: PendingCreate[]): string {
  const imports = pending.map((item) => {
    const parent = item.parent === "" ? "" : ` --parent 'parent=${item.parent}'`;
    return [
      `  - ${item.type} ${item.name}: look for it in the provider's console. If it exists:`,
      `      pulumi import --stack ${stack} --yes --generate-code=false --protect=false${parent} \\`,
      `        ${item.type} ${item.name} <its id>`,
    ].join("\n");
  });
  return [
    `An earlier update of ${stack} was cut off while it created ${pending.length === 1 ? "a resource" : "resources"}:`,
    ...imports,
    "Then, when each is imported or known not to exist:",
    `      pulumi ${forgetArguments(stack).join(" ")}`,
    "Nothing was changed now: an update would create them a second time.",
  ].join("\n");
}
