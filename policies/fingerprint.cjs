// What a bundle was built from. CommonJS, because both the build and the pack's entry need it.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

/** Hash of the pack's sources; undefined where there are none, as in a published pack. */
exports.fingerprint = (packDir) => {
  if (!fs.existsSync(path.join(packDir, "index.ts"))) return undefined;
  const files = ["engine", "rules"].flatMap((folder) =>
    fs.readdirSync(path.join(packDir, folder), { recursive: true }).map((file) => path.join(folder, String(file))),
  );
  const hash = createHash("sha256");
  for (const file of ["index.ts", ...files.filter((f) => f.endsWith(".ts")).sort()]) {
    hash.update(`${file}\0`).update(fs.readFileSync(path.join(packDir, file)));
  }
  return hash.digest("hex").slice(0, 32);
};
