/** The pipelines: what actionlint does not judge. Scripts run with stand-ins for gh and the engine. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";

const ROOT = path.join(__dirname, "../..");
const FOLDER = path.join(ROOT, ".github", "workflows");
const files = fs.readdirSync(FOLDER);
const textOf = (file: string) => fs.readFileSync(path.join(FOLDER, file), "utf8");
const workflows: Record<string, any> = Object.fromEntries(files.map((file) => [file, parse(textOf(file))]));
const jobs = files.flatMap((file) =>
  Object.entries(workflows[file].jobs as Record<string, any>).map(([name, job]): [string, string, any] => [
    file,
    name,
    job,
  ]),
);
const usesSecrets = (job: any) => JSON.stringify(job).includes("secrets.");

test.each([...files.map((file) => path.join(FOLDER, file)), path.join(ROOT, ".github/actions/sign-in/action.yml")])(
  "%s pins every action by commit, with its release beside it",
  (file) => {
    const uses = [...fs.readFileSync(file, "utf8").matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map((match) => match[1] ?? "");
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses.filter((name) => !name.startsWith("./")))
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  },
);

test.each(files)("%s gives no permission but per job, and fails inside pipes", (file) => {
  expect(workflows[file].permissions).toEqual({});
  expect(workflows[file].defaults.run.shell).toBe("bash");
  expect(Object.keys(workflows[file].on)).not.toContain("pull_request_target");
});

test.each(jobs)("%s, job %s: least permissions, credentials only from an environment", (_file, _name, job) => {
  expect(job["timeout-minutes"]).toBeGreaterThan(0);
  expect(job.permissions.contents).toBe("read");
  const signsIn = JSON.stringify(job.steps).includes("sign-in");
  expect(job.permissions["id-token"] === "write").toBe(signsIn);
  if (usesSecrets(job) || signsIn) {
    expect(job.environment).toMatch(/^\$\{\{ matrix\.stack \}\}(-preview)?$/);
    expect(job.concurrency.group).toContain("${{ matrix.stack }}");
  }
  const checkout = job.steps.find((step: any) => String(step.uses).startsWith("actions/checkout@"));
  expect(checkout.with["persist-credentials"]).toBe(false);
  // An expression inside a script is a way to inject one.
  for (const step of job.steps) expect(String(step.run ?? "")).not.toContain("${{");
});

test("a pull request from a fork gets the rehearsal and nothing that holds a secret", () => {
  const onPullRequest = jobs.filter(([file]) => "pull_request" in workflows[file].on);
  expect(onPullRequest.map(([, name]) => name).sort()).toEqual(["preview", "rehearse", "test"]);
  for (const [, , job] of onPullRequest.filter(([, , job]) => usesSecrets(job)))
    expect(job.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
  expect(usesSecrets(workflows["test.yml"])).toBe(false);
});

test("only the approved job updates; it is never cancelled and refuses an old commit before it begins", () => {
  const updating = jobs.filter(([, , job]) => /\b(make|jats).* up\b/.test(JSON.stringify(job)));
  expect(updating.map(([file, name]) => `${file} ${name}`)).toEqual(["deploy.yml update"]);
  const job = updating[0]![2];
  expect(job.environment).toBe("${{ matrix.stack }}");
  expect(job.concurrency).toEqual({ group: "update-${{ matrix.stack }}", "cancel-in-progress": false });
  const steps: string[] = job.steps.map((step: any) => step.name ?? step.uses);
  expect(steps.indexOf("Refuse an old commit")).toBeLessThan(steps.indexOf("Update"));
  expect(fs.readFileSync(path.join(ROOT, "docs/ci.md"), "utf8")).toMatch(/^## An update must be stopped$/m);
});

describe("scripts", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "ci-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const stub = (name: string, body: string) =>
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const calls = () => {
    const file = path.join(folder, "calls");
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  };
  const run = (script: string, ...args: string[]) =>
    spawnSync("bash", [path.join(ROOT, "tools/ci", script), ...args], {
      cwd: folder,
      encoding: "utf8",
      env: {
        PATH: `${folder}:/usr/bin:/bin`,
        HOME: folder,
        GITHUB_REPOSITORY: "o/r",
        JATS: path.join(folder, "engine"),
      },
    });

  test.each([
    ["the first preview makes a comment", "", "--method POST repos/o/r/issues/7/comments"],
    ["a later one rewrites it", "41", "--method PATCH repos/o/r/issues/comments/41"],
  ])("%s", (_what, found, expected) => {
    stub("gh", `case "$*" in *--paginate*) echo "${found}" ;; *) echo "gh $*" >>calls ;; esac`);
    fs.writeFileSync(path.join(folder, "preview.txt"), "x".repeat(200_000) + "the end");
    expect(run("comment.sh", "mvp", "7", "preview.txt")).toMatchObject({ status: 0, stderr: "" });
    expect(calls()).toContain(expected);
    expect(calls()).toContain("<!-- jatsmanor preview of mvp -->");
    expect(calls()).toContain("the end");
    expect(calls().length).toBeLessThan(65_536);
  });

  const drift = (code: number, openIssue: string) => {
    stub("engine", `echo "~ size"; exit ${code}`);
    stub("gh", `[ "$2" = list ] && { printf '%s' "${openIssue}"; exit 0; }; echo "gh $*" >>calls`);
    return run("drift-issue.sh", "mvp");
  };

  test("drift opens an issue, later drift adds to it, its end closes it", () => {
    expect(drift(7, "").status).toBe(0);
    expect(calls()).toContain("gh issue create --title Drift in mvp --label drift");
    expect(calls()).toContain("~ size");
    expect(drift(7, "12").status).toBe(0);
    expect(calls()).toContain("gh issue comment 12");
    expect(drift(0, "12").status).toBe(0);
    expect(calls()).toContain("gh issue close 12");
  });

  test("no drift and no issue: nothing to say", () => {
    expect(drift(0, "").status).toBe(0);
    expect(calls()).toBe("");
  });

  test("a comparison that fails fails the job, and touches no issue", () => {
    const failed = drift(3, "12");
    expect(failed.status).toBe(3);
    expect(failed.stderr).toContain("says nothing about drift");
    expect(calls()).toBe("");
  });
});
