/** Layers point down only (docs/decisions/layers.md). */
const layer = (name, from, notTo, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { path: notTo },
});

export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    layer(
      "concepts-know-no-provider",
      "^src/concepts",
      "^(src/(host|components|phases|settings|index)|node_modules/@(pulumi|ovhcloud))",
      "concepts are the guide's vocabulary as plain data",
    ),
    layer(
      "settings-read-concepts",
      "^src/settings",
      "^src/(host|components|phases|index)",
      "settings are parsed before anything is built",
    ),
    layer(
      "host-is-pure",
      "^src/host",
      "^(src/(settings|components|phases|index)|node_modules/@(pulumi|ovhcloud))",
      "what runs on a server is rendered by pure functions",
    ),
    layer(
      "components-below-phases",
      "^src/components",
      "^src/(phases|index|settings)",
      "components take values, never settings",
    ),
    layer("phases-below-entry", "^src/phases", "^src/index", "the entry chooses the phase"),
    layer("policies-stand-alone", "^policies", "^(src|sandbox|tools)", "a check must not share the code it checks"),
    layer(
      "sandbox-stands-alone",
      "^sandbox",
      "^(src|policies|tools)",
      "a simulated cloud must not share the code it judges",
    ),
    layer("program-needs-no-tools", "^src", "^(tools|sandbox|policies|tests)", "plain `pulumi up` runs src/ alone"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
