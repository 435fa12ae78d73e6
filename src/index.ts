import fs from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { buildPhase } from "./phases/index.ts";
import { readSettings } from "./settings/index.ts";

const outputs = buildPhase(readSettings(), pulumi.getProject(), pulumi.getStack());

export const { appUrl, databaseEndpoint, cacheEndpoint, cdnDomain, backups, alerts, allowReplace } = outputs;
/** Alert and operation pages, by name. */
export const runbooks = { index: "docs/runbooks/README.md" };
/** Shown by Pulumi Cloud as the stack's page; it fills in `${outputs.x}` itself. */
export const readme = fs.readFileSync("Pulumi.README.md", "utf8");
