import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test, { afterEach, beforeEach } from "node:test";

import { discover, DiscoveryError, findPython, misfit, type Places } from "../src/discovery";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "runbook-ls-discovery-"));
  process.env["HOME"] = join(root, "home");
});
afterEach(() => rmSync(root, { recursive: true }));

function program(...parts: string[]): string {
  const file = join(root, ...parts);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n");
  chmodSync(file, 0o755);
  return file;
}

function places(given: Partial<Places> = {}): Places {
  return { setting: "", path: join(root, "bin"), privateEnvironment: join(root, "own"), workspace: [join(root, "work")], trusted: true, ...given };
}

test("nothing is found where nothing is", () => {
  assert.equal(discover(places()), undefined);
});

test("the setting wins, then the Python environment, then PATH, then our own", () => {
  const own = program("own", "bin", "runbook-ls");
  assert.deepEqual(discover(places()), { program: own, where: "private environment" });
  const path = program("bin", "runbook-ls");
  assert.deepEqual(discover(places()), { program: path, where: "PATH" });
  const active = program("venv", "bin", "runbook-ls");
  assert.deepEqual(discover(places({ python: join(root, "venv", "bin", "python") })), { program: active, where: "Python environment" });
  const set = program("else", "where");
  assert.deepEqual(discover(places({ setting: set })), { program: set, where: "setting" });
});

test("a setting that names no program is said, not passed over", () => {
  program("bin", "runbook-ls");
  assert.throws(() => discover(places({ setting: join(root, "nowhere") })), DiscoveryError);
  const file = join(root, "plain");
  writeFileSync(file, "");
  assert.throws(() => discover(places({ setting: file })), /is no program/);
});

test("a setting may be a name on PATH, or begin with ~", () => {
  const named = program("bin", "my-runbook-ls");
  assert.equal(discover(places({ setting: "my-runbook-ls" }))?.program, named);
  const home = program("home", "tool");
  assert.equal(discover(places({ setting: "~/tool" }))?.program, home);
});

test("an editor started from a dock has a short PATH: ~/.local/bin counts too", () => {
  const tool = program("home", ".local", "bin", "runbook-ls");
  assert.equal(discover(places({ path: "" }))?.program, tool);
});

test("a program of the workspace only counts where the workspace is trusted", () => {
  const planted = program("work", ".venv", "bin", "runbook-ls");
  const given = { python: join(root, "work", ".venv", "bin", "python") };
  assert.equal(discover(places(given))?.program, planted);
  assert.equal(discover(places({ ...given, trusted: false })), undefined);
  symlinkSync(planted, join(root, "link"));
  mkdirSync(join(root, "bin"));
  symlinkSync(planted, join(root, "bin", "runbook-ls"));
  assert.equal(discover(places({ trusted: false })), undefined, "a link leads there too");
  assert.equal(discover(places({ path: ".:work/.venv/bin", trusted: false })), undefined, "relative folders of PATH never count");
});

test("a server of another series is said in one sentence with what to do", () => {
  assert.equal(misfit("0.1.7", "/bin/runbook-ls"), "");
  assert.match(misfit("0.0.9", "/bin/runbook-ls"), /0\.0\.9 .*needs 0\.1\.x: update the server/);
  assert.match(misfit("0.2.0", "/bin/runbook-ls"), /update the extension/);
  assert.match(misfit("1.1.0", "/bin/runbook-ls"), /update the extension/);
  assert.match(misfit(undefined, "/bin/runbook-ls"), /unknown version/);
});

test("a Python is looked for by its usual names", () => {
  assert.equal(findPython(join(root, "bin")), undefined);
  const python = program("bin", "python3.12");
  assert.equal(findPython(join(root, "bin")), python);
});
