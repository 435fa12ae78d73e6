/** docs/topologies.md: what each stack is, its parts and whom each works with, and a picture. All from its inventory. */
import { renderDiagram } from "../report/diagram.ts";
import { buildGraph } from "../report/graph.ts";
import { providerName, translator } from "../report/texts.ts";
import { type GoldenEntry, isComponent, stateOf, withoutFoundations } from "./golden.ts";

/** With more boxes a picture no longer shows what the parts are to each other; the fullest are folded into one box. */
const MOST_BOXES = 14;

export interface Topology {
  stack: string;
  golden: readonly GoldenEntry[];
  /** Text of Pulumi.<stack>.yaml; its first comment says what the stack is. */
  stackFile: string;
}

export function pictureOf({ stack, golden }: Topology): Promise<string> {
  const shown = withoutFoundations(golden);
  // Fewer boxes than parts would fold the stack itself.
  const most = Math.max(MOST_BOXES, shown.filter(({ parent }) => parent === rootOf(golden)).length);
  return renderDiagram(buildGraph(stateOf(stack, shown), [], most), { stack, lang: "en", still: true });
}

/** Name of the component around all others. */
const rootOf = (golden: readonly GoldenEntry[]): string | undefined =>
  golden.find(
    (entry) => isComponent(entry) && !golden.some((other) => isComponent(other) && other.name === entry.parent),
  )?.name;

export function topologiesPage(topologies: readonly Topology[]): string {
  return [
    "<!-- Written by `make docs` from tests/golden and the stack files. Edit those, not this. -->",
    "",
    "# Topologies",
    "",
    "One picture per stack, drawn from what the program deploys. A box is a part; an arrow goes from a part to one that it",
    "needs; a lock is on what the engine refuses to replace or delete. What everything stands on (networks, security",
    "groups, keys) is in the tables only. `make rehearse STACK=<stack>` draws every resource.",
    ...topologies.flatMap(section),
    "",
  ].join("\n");
}

function section(topology: Topology): string[] {
  const { stack, golden } = topology;
  const root = rootOf(golden);
  const parts = golden.filter((entry) => isComponent(entry) && entry.parent === root);
  return [
    "",
    `## ${stack}`,
    "",
    firstSentences(topology.stackFile, 2),
    "",
    `![The parts of ${stack} and what they need](topologies/${stack}.svg)`,
    "",
    "| part | kind | resources | whom it works with |",
    "| --- | --- | --- | --- |",
    ...parts.map((part) => row(part, root ?? "", topology)),
    ...listOf("Who may connect, everything else being closed:", doors(golden, root ?? "")),
  ];
}

function row(part: GoldenEntry, root: string, { golden }: Topology): string {
  const partOf = partFinder(golden, root);
  const own = golden.filter((entry) => !isComponent(entry) && partOf(entry.name) === part.name);
  const relations = own.flatMap((entry) =>
    Object.entries(entry.edges ?? {}).flatMap(([property, names]) =>
      names.map((name) => {
        const whom = partOf(name) ?? name;
        // Keys and passwords of the stack itself are no parts: nothing is delivered to them, or stands in them.
        return { verb: whom === name ? USES : verbOf(entry.type, property), whom };
      }),
    ),
  );
  const others = relations.filter(({ whom }) => whom !== part.name);
  const verbs = [...new Set(others.map(({ verb }) => verb))].sort((a, b) => rank(a) - rank(b));
  const said = new Set<string>();
  const phrases = verbs.flatMap((verb) => {
    // What is said with a word of its own is not said again as "uses".
    const whom = [...new Set(others.filter((other) => other.verb === verb).map((other) => other.whom))]
      .filter((name) => !said.has(name))
      .sort();
    whom.forEach((name) => said.add(name));
    return whom.length === 0 ? [] : [`${verb} ${whom.map((name) => `\`${short(name, root)}\``).join(", ")}`];
  });
  const [, provider = "", kind = ""] = part.type.split(":");
  const name = `\`${short(part.name, root)}\``;
  return `| ${name} | ${kind}, ${providerName(provider, translator("en"))} | ${own.length} | ${phrases.join("; ")} |`;
}

/** The part (component below the root) that a resource is in; a resource of the root itself is its own part. */
function partFinder(golden: readonly GoldenEntry[], root: string): (name: string) => string | undefined {
  const parents = new Map(golden.filter(({ name }) => name !== root).map(({ name, parent }) => [name, parent]));
  const find = (name: string): string | undefined => {
    const parent = parents.get(name);
    return parent === undefined ? undefined : parent === root ? name : find(parent);
  };
  return find;
}

const short = (name: string, root: string): string =>
  name.startsWith(`${root}-`) ? name.slice(root.length + 1) : name;

/** What a reference means, by type and property; the first that fits. Everything else "uses". */
const VERBS: readonly [RegExp, string][] = [
  [/dnsRecord:DnsRecord content|route53\/record:Record aliases/, "leads visitors to"],
  [/distribution:Distribution (origins|orderedCacheBehaviors)|vpcOrigin:VpcOrigin/, "fetches pages from"],
  [/httpFarmServer:HttpFarmServer address|listener:Listener defaultActions/, "sends requests to"],
  [/remote:Command connection/, "is delivered by SSH to"],
  [/(firewall:Firewall|FirewallRule) /, "guards"],
  [/(metricAlarm:MetricAlarm (dimensions|metricQueries)|eventSubscription:\w+ sourceIds)/, "watches"],
  [/(monitorAlert|uptimeCheck|healthCheck):\w+ /, "watches"],
  [/ (\w+Actions|snsTopic\w*|notifications)$/, "tells"],
  [/backup\/(selection|restoreTestingSelection):\w+ \w*[rR]esource/, "backs up"],
  [/ \w*([kK]ms|keyArn)\w*$/, "encrypts with"],
  [/ \w*[sS]ecurityGroup\w*$/, "stands behind"],
  [/ (\w*[sS]ubnet\w*|vpc(Id|Uuid|ZoneIdentifiers))$/, "stands in"],
  [/ \w*[cC]ertificate\w*$/, "shows the certificate of"],
  [/ (logging\w*|logConfig|accessLogs|logDestination\w*)$/i, "logs to"],
];
const USES = "uses";

const verbOf = (type: string, property: string): string =>
  VERBS.find(([pattern]) => pattern.test(`${type} ${property}`))?.[1] ?? USES;

const rank = (verb: string): number => {
  const index = VERBS.findIndex(([, known]) => known === verb);
  return index < 0 ? VERBS.length : index;
};

const listOf = (title: string, lines: string[]): string[] =>
  lines.length === 0 ? [] : ["", title, "", ...lines.map((line) => `- ${line}`)];

interface InboundRule {
  portRange: string;
  protocol: string;
  sourceAddresses?: string[];
}

/** What the firewalls of the clouds let in, from their own rules. */
function doors(golden: readonly GoldenEntry[], root: string): string[] {
  const named = (names: string[] = []) => names.map((name) => `\`${short(name, root)}\``).join(", ");
  return golden.flatMap(({ type, edges = {}, inputs = {} }) => {
    if (type === "digitalocean:index/firewall:Firewall")
      return (inputs["inboundRules"] as InboundRule[]).map(
        ({ protocol, portRange, sourceAddresses = [] }) =>
          `${named(edges["dropletIds"])}: ${protocol} ${portRange} from ${networks(sourceAddresses)}`,
      );
    if (type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule") {
      const { fromPort, ipProtocol, cidrIpv4 } = inputs as Record<string, string | number | undefined>;
      const from = named(edges["referencedSecurityGroupId"]) || (cidrIpv4 ?? "a list that AWS keeps");
      return [`${named(edges["securityGroupId"])}: ${ipProtocol ?? ""} ${fromPort ?? "all ports"} from ${from}`];
    }
    return [];
  });
}

const networks = (cidrs: string[]): string =>
  cidrs.length > 3 ? `${cidrs.length} networks (${cidrs[0]} and others)` : cidrs.join(", ");

/** Of the comment at the head of a stack file; how its values are written is not what the stack is. */
export function firstSentences(stackFile: string, count: number): string {
  const lines = stackFile.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  const comment = lines
    .slice(0, end)
    .map((line) => line.replace(/^#\s?/, ""))
    .join(" ");
  return comment
    .split(/(?<=[.!?])\s+(?=[A-Z])/)
    .filter((sentence) => !/^(Values marked|Before its first)/.test(sentence))
    .slice(0, count)
    .join(" ");
}
