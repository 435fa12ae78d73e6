// Entry of the pack: the bundle that `make policies` builds, or the way to get it. CommonJS, because the SDK
// `require`s the pack's folder.
const fs = require("node:fs");
const path = require("node:path");

const bundle = path.join(__dirname, "bin", "index.cjs");
if (!fs.existsSync(bundle)) {
  console.error("The policy pack is not built: policies/bin/index.cjs is missing. Run `make policies`.");
  process.exit(1);
}
require(bundle);
