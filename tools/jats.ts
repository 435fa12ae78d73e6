/** `jats`: the program's own commands. `make` calls them; `node tools/jats.ts --help` lists them. */
import { Command, Option } from "commander";
import { UserError, messageOf } from "./errors.ts";

const program = new Command("jats").description("Jatsmanor's hosting: rehearse, check and operate the stacks.");

program
  .command("rehearse")
  .description("deploy a stack with the real engine onto simulated clouds, policies on")
  .argument("[stack]", "a stack, or all", "mvp")
  .option("--fresh", "forget what earlier rehearsals built", false)
  .addOption(new Option("--lang <language>", "language of the report").choices(["en", "fr"]).default("en"))
  .action(async (stack: string, options: { fresh: boolean; lang: "en" | "fr" }) => {
    const { rehearseStacks } = await import("./rehearse/command.ts");
    process.exitCode = await rehearseStacks(stack, options);
  });

program
  .command("preview")
  .description("what a real update of a stack would change, with the policy pack and its config on")
  .argument("<stack>")
  .action(async (stack: string) => {
    const { realPreview } = await import("./up.ts");
    process.exitCode = realPreview(stack);
  });

program
  .command("up")
  .description("a real update of a stack, with the policy pack and its config on")
  .argument("<stack>")
  .option("--yes", "do not ask: for pipelines, after an approval", false)
  .action(async (stack: string, options: { yes: boolean }) => {
    const { realUpdate } = await import("./up.ts");
    process.exitCode = realUpdate(stack, options);
  });

program
  .command("drift")
  .description("compare a stack's state with its real clouds; exit code 7 when they differ")
  .argument("<stack>")
  .action(async (stack: string) => {
    const { realDrift } = await import("./up.ts");
    process.exitCode = realDrift(stack);
  });

program
  .command("policy-config")
  .description("write policies/config/<stack>.json from the rules, the phases and the register of exceptions")
  .option("--check", "only say whether the committed files are current", false)
  .action(async ({ check }: { check: boolean }) => {
    const { policyConfigCommand } = await import("./policy-config.ts");
    process.exitCode = policyConfigCommand(check);
  });

program
  .command("docs")
  .description("write the generated pages of docs/: coverage of the guide, topologies and their pictures")
  .option("--check", "only say whether the committed files are current", false)
  .action(async ({ check }: { check: boolean }) => {
    const { docsCommand } = await import("./docs.ts");
    process.exitCode = await docsCommand(check);
  });

const sandbox = program.command("sandbox").description("the simulated clouds of a stack's rehearsal");
const withSandbox = async (run: (commands: typeof import("./sandbox-commands.ts")) => number | Promise<number>) => {
  process.exitCode = await run(await import("./sandbox-commands.ts"));
};
sandbox
  .command("start")
  .description("start it and leave it running, for your own pulumi commands")
  .argument("<stack>")
  .action((stack: string) => withSandbox((commands) => commands.start(stack)));
sandbox
  .command("stop")
  .argument("<stack>")
  .action((stack: string) => withSandbox((commands) => commands.stop(stack)));
sandbox
  .command("list")
  .description("what exists in the simulated clouds")
  .argument("<stack>")
  .action((stack: string) => withSandbox((commands) => commands.list(stack)));
sandbox
  .command("drift")
  .description("change or delete a resource behind Pulumi's back")
  .argument("<stack>")
  .argument("<resource>", "id or name, as `list` shows it")
  .argument("[changes...]", "property=value (JSON or text); none deletes the resource")
  .action((stack: string, resource: string, changes: string[]) =>
    withSandbox((commands) => commands.drift(stack, resource, changes)),
  );
sandbox
  .command("reset")
  .description("forget everything in the simulated clouds")
  .argument("<stack>")
  .action((stack: string) => withSandbox((commands) => commands.reset(stack)));
sandbox
  .command("schema")
  .description("the resource schemas read from the SDKs' typings")
  .option("--check", "only say whether the committed files are current", false)
  .action(({ check }: { check: boolean }) => withSandbox((commands) => commands.schema(check)));

try {
  await program.parseAsync();
} catch (error) {
  const known = error instanceof UserError;
  process.stderr.write(
    `${known ? messageOf(error) : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = known ? 2 : 1;
}
