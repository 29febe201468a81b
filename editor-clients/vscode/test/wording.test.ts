import assert from "node:assert/strict";
import test from "node:test";

import { duration, ended, fenced, plain, question, runAsMarkdown, terminalLine } from "../src/wording";

test("durations are rounded to what a person reads", () => {
  assert.deepEqual([0, 999, 1234, 59_949, 61_000, 3_700_000].map(duration), [
    "0 ms",
    "999 ms",
    "1.2 s",
    "59.9 s",
    "1 min 1 s",
    "1 h 1 min",
  ]);
});

test("an end is an exit code, or what the server says", () => {
  const end = { exitCode: null, durationMs: 20 };
  assert.equal(ended({ ...end, exitCode: 0, outcome: "exit 0" }), "exit 0 in 20 ms");
  assert.equal(ended({ ...end, outcome: "timed out" }), "timed out after 20 ms");
  assert.equal(ended({ exitCode: null, durationMs: 0, outcome: "not started" }), "not started");
  assert.equal(ended(end), "cancelled after 20 ms");
});

test("colours, titles and other control sequences are no text", () => {
  assert.equal(plain("\x1b[31mred\x1b[0m \x1b]0;title\x07bell\x07 \x1b]8;;http://x\x1b\\link\r\n\tend"), "red bell link\n\tend");
});

test("no line of a text can close its fence", () => {
  assert.equal(fenced("a\n````\nb\n", "sh"), "`````sh\na\n````\nb\n`````");
});

test("a run as markdown says what ran, how it ended and what it printed", () => {
  const text = runAsMarkdown({
    name: "df",
    file: "docs/disk.md",
    line: 4,
    language: "sh",
    body: "df -h",
    output: "\x1b[1mFilesystem\x1b[0m\n/dev/sda\n",
    exitCode: 0,
    durationMs: 12,
    receipt: "learned",
    time: new Date("2026-11-22T17:00:00Z"),
  });
  assert.equal(
    text,
    "**df** (docs/disk.md:5) · exit 0 in 12 ms · 2026-11-22 17:00:00 UTC\n\n```sh\ndf -h\n```\n\nOutput:\n\n" +
      "```text\nFilesystem\n/dev/sda\n```\n\n_learned_\n",
  );
});

test("a short question is shown whole", () => {
  assert.deepEqual(question("It destroys.\n> rm -rf x\n  ls\nwith bash\nin /srv"), {
    headline: "It destroys.",
    detail: "> rm -rf x\n  ls\nwith bash\nin /srv",
  });
});

test("a long question is opened whole, and the dialog names its risky lines and the facts", () => {
  const lines = Array.from({ length: 50 }, (_, i) => (i === 30 ? "> rm -rf /srv/x" : `  echo ${i}`));
  const message = ["It destroys.", ...lines, "with bash", "in /srv"].join("\n");
  const shown = question(message);
  assert.equal(shown.document, message);
  assert.match(shown.detail, /> rm -rf \/srv\/x\nwith bash\nin \/srv$/);
  assert.doesNotMatch(shown.detail, /echo/);
});

test("a very wide line is not hidden behind the edge of a dialog", () => {
  const message = `It destroys.\n> true ${"x".repeat(500)}; rm -rf ~\nwith bash`;
  assert.equal(question(message).document, message);
});

test("a terminal gets one line, and no key presses that a name hides", () => {
  assert.equal(terminalLine("runbook-ls run a.md 'x y'", "/o'e/runbook-ls"), "'/o'\\''e/runbook-ls' run a.md 'x y'");
  for (const hidden of ["\x03", "\x1b[2K", "\r", "\n", "\u202e", "\u200b"]) {
    assert.throws(() => terminalLine(`runbook-ls run a.md 'x${hidden}'`, "/runbook-ls"), /control character/);
  }
});
