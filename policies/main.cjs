// Entry of the pack: the bundle that `make policies` builds, or the way to get it. CommonJS, because the SDK
// `require`s the pack's folder.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { fingerprint } = require("./fingerprint.cjs");

function stop(problem) {
  console.error(`${problem} Run \`make policies\`.`);
  process.exit(1);
}

const bundle = path.join(__dirname, "bin", "index.cjs");
if (!fs.existsSync(bundle)) stop("The policy pack is not built: policies/bin/index.cjs is missing.");
// After a pull or an edit the old bundle would go on judging by the old rules, and nobody would notice.
const sources = fingerprint(__dirname);
const built = /sources ([0-9a-f]{32})/.exec(fs.readFileSync(bundle, "utf8").slice(0, 200))?.[1];
if (sources !== undefined && built !== sources) {
  stop("The policy pack is out of date: its rules changed after policies/bin/index.cjs was built.");
}

// @pulumi/pulumi loads npm's own installer for the serialisation of functions, which a pack never does: a third of the
// time until it answers. Loaded on first use instead.
const LAZY = "@npmcli/arborist";
const load = Module._load;
Module._load = function (id, ...rest) {
  if (id !== LAZY) return load.call(this, id, ...rest);
  return new Proxy({ __esModule: true }, { get: (own, key) => own[key] ?? load.call(Module, id, ...rest)[key] });
};

require(bundle);
