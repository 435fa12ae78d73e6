/** Every test file reloads the SDKs it imports (about 0.7 s): prefer few large files. */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/tests"],
  testMatch: ["**/*.test.ts"],
  // Files are ES modules for Node; jest runs them as CommonJS, which the SDKs are anyway.
  extensionsToTreatAsEsm: [],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" } },
    ],
  },
  testTimeout: 30_000,
};
