/**
 * The one wrapper between a rule and the SDK. It turns unknown values into a note, errors into a finding, and adds
 * defaults: the SDK would lose the rest of a rule on an unknown value and fail the whole preview on any other error.
 */
import type {
  Policy,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  StackValidationArgs,
} from "@pulumi/policy";
import { errorMessage, findingMessage, noteMessage, undeterminedMessage } from "./message.ts";
import { Resource, Stack, matcher, type ResourceFacts } from "./resource.ts";
import { highest, type AnyRule, type Parameter, type Place, type Report, type Verdict } from "./rule.ts";
import { Undetermined, isObject, isUnknown, markBlank, steps, type Path } from "./values.ts";

/** What `reportViolation` takes at run time; its type knows only the text form. */
type Emit = (violation: { message: string; urn?: string; enforcementLevel?: string }) => void;

export function makeReport(rule: AnyRule, emit: Emit, resources: readonly Resource[]): Report {
  const noted = new Set<string>();
  const byRoot = new Map<object, Resource>(resources.map((r) => [r.root, r]));
  const owner = (place: Place): Resource | undefined =>
    place === null || place instanceof Resource ? (place ?? undefined) : byRoot.get(place.root);
  const send = (on: Resource | undefined, message: string, level?: string): void =>
    emit({ message, ...(on && { urn: on.urn }), ...(level && { enforcementLevel: level }) });
  const report: Report = {
    violation: (place, finding) =>
      send(owner(place), findingMessage(rule, owner(place), place, finding), finding.level),
    note: (place, text) => send(owner(place), noteMessage(owner(place), text), "advisory"),
    undetermined(place, what) {
      const on = owner(place);
      const key = on?.urn ?? "";
      if (noted.has(key)) return;
      noted.add(key);
      send(on, undeterminedMessage(on, what), "advisory");
    },
    each(items, check) {
      for (const item of items) guard(() => check(item));
    },
  };
  const guard = (run: () => Verdict): Verdict => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Undetermined)) throw error;
      report.undetermined(error.view, error.path);
    }
  };
  return report;
}

/** Runs a check; returns why it does not apply, if so. */
function run(rule: AnyRule, report: Report, on: Resource | undefined, emit: Emit, check: () => Verdict): Verdict {
  try {
    return check();
  } catch (error) {
    if (error instanceof Undetermined) report.undetermined(error.view, error.path);
    else emit({ message: errorMessage(rule, on, error), ...(on && { urn: on.urn }) });
  }
}

function parameters(rule: AnyRule, config: object): Record<string, unknown> {
  const all = Object.entries((rule.parameters ?? {}) as Record<string, Parameter>);
  const defaults = all
    .filter(([, p]) => p.default !== undefined)
    .map(([name, p]): [string, unknown] => [name, p.default]);
  return { ...Object.fromEntries(defaults), ...config };
}

function factsOf(args: ResourceValidationArgs | PolicyResource): ResourceFacts {
  return {
    type: args.type,
    name: args.name,
    urn: args.urn,
    props: args.props,
    protect: args.opts.protect,
    ...(args.provider && { provider: args.provider }),
  };
}

function validateResource(rule: AnyRule, { types, check }: NonNullable<AnyRule["resource"]>) {
  const matches = matcher(types);
  const validate = (args: ResourceValidationArgs, reportViolation: ReportViolation): void => {
    if (!matches(args.type)) return args.notApplicable(`the rule is about ${types.join(", ")}`);
    const resource = new Resource(factsOf(args));
    const emit = reportViolation as unknown as Emit;
    const report = makeReport(rule, emit, [resource]);
    const reason = run(rule, report, resource, emit, () => check(resource, report, parameters(rule, args.getConfig())));
    if (typeof reason === "string") args.notApplicable(reason);
  };
  // The SDK skips other types before it deserialises anything when a validator names its single type.
  if (types.length === 1 && types[0]?.endsWith("*") === false) Object.assign(validate, { __pulumiType: types[0] });
  return validate;
}

function stackOf(args: StackValidationArgs): Stack {
  const byArgs = new Map(args.resources.map((r) => [r, new Resource(factsOf(r))]));
  // In the first preview of a cluster its provider cannot be configured, and the engine shows what is in the cluster
  // without a single property: not "unset", but not known.
  for (const { root, provider } of byArgs.values())
    if (provider !== undefined && Object.keys(root).length === 0) markBlank(root);
  for (const [from, resource] of byArgs) {
    for (const [property, sources] of Object.entries(from.propertyDependencies)) {
      resource.setSources(
        property,
        sources.flatMap((s) => byArgs.get(s) ?? []),
      );
    }
  }
  return new Stack([...byArgs.values()]);
}

function validateStack(rule: AnyRule, { check }: NonNullable<AnyRule["stack"]>) {
  return (args: StackValidationArgs, reportViolation: ReportViolation): void => {
    const emit = reportViolation as unknown as Emit;
    const stack = stackOf(args);
    const report = makeReport(rule, emit, stack.resources);
    const reason = run(rule, report, undefined, emit, () => check(stack, report, parameters(rule, args.getConfig())));
    if (typeof reason === "string") args.notApplicable(reason);
  };
}

/** Sets a value in place: replacing `props` by a copy would fail on the first unknown and drop secrets. */
function setIn(props: unknown, path: Path, value: unknown): void {
  const all = steps(path);
  let at = props as Record<string, unknown>;
  for (const step of all.slice(0, -1)) {
    const next = Object.getOwnPropertyDescriptor(at, step)?.value as unknown;
    if (isUnknown(next)) return;
    if (!isObject(next)) at[step] = {};
    at = at[step] as Record<string, unknown>;
  }
  const last = all.at(-1) ?? "";
  if (!isUnknown(Object.getOwnPropertyDescriptor(at, last)?.value)) at[last] = value;
}

function remediateResource(rule: AnyRule, { types, repair }: NonNullable<AnyRule["remediate"]>) {
  const matches = matcher(types);
  return (args: ResourceValidationArgs): Record<string, unknown> | undefined => {
    if (!matches(args.type)) return args.notApplicable(`the rule repairs ${types.join(", ")}`);
    let changed = false;
    const set = (path: Path, value: unknown): void => {
      setIn(args.props, path, value);
      changed = true;
    };
    try {
      repair(new Resource(factsOf(args)), set, parameters(rule, args.getConfig()));
    } catch {
      return undefined; // The check that follows reports what is wrong; a failed repair must not break the run.
    }
    return changed ? args.props : undefined;
  };
}

/** A rule as the SDK wants it. Without config it takes its highest level and toughest parameters. */
export function toPolicy(rule: AnyRule): Policy {
  const properties = Object.fromEntries(
    Object.entries(rule.parameters ?? {}).map(([name, p]) => {
      const { schema, default: value } = p as { schema: object; default?: unknown };
      return [name, value === undefined ? schema : { ...schema, default: value }];
    }),
  );
  return {
    name: rule.id,
    displayName: rule.title,
    description: rule.title,
    enforcementLevel: highest(rule.levels),
    severity: rule.severity,
    tags: [...rule.tags],
    remediationSteps: rule.fix,
    ...(rule.framework && { framework: rule.framework }),
    ...(rule.parameters && { configSchema: { properties } }),
    ...(rule.resource && { validateResource: validateResource(rule, rule.resource) }),
    ...(rule.stack && { validateStack: validateStack(rule, rule.stack) }),
    ...(rule.remediate && { remediateResource: remediateResource(rule, rule.remediate) }),
  };
}
