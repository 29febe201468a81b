import assert from "node:assert/strict";
import test from "node:test";

import { inOrder, parseExamples, sourceInWords } from "../src/examples";
import { Runs } from "../src/runs";

const cell = (line: number, name = "cell"): { key: string; name: string; line: number } => ({ key: name, name, line });

test("a run is told of from its start to its end", () => {
  const runs = new Runs();
  const heard: string[] = [];
  runs.onChange((run, event, text) => heard.push(`${event} ${run.name}${text}`));
  runs.started({ uri: "file:///a.md", cell: cell(3, "df"), executionId: "1" }, "df -h", "sh");
  runs.output({ executionId: "1", stream: "stdout", text: " out" });
  assert.deepEqual(runs.running().map((run) => run.id), ["1"]);
  runs.finished({ executionId: "1", exitCode: 0, durationMs: 5, receipt: "learned" });
  assert.deepEqual(heard, ["started df", "output df out", "finished df"]);
  assert.deepEqual(runs.running(), []);
  assert.equal(runs.last("file:///a.md", 3)?.output, " out");
});

test("what is told of an unknown run is passed over", () => {
  const runs = new Runs();
  runs.output({ executionId: "?", stream: "stdout", text: "x" });
  runs.finished({ executionId: "?", exitCode: 0, durationMs: 5, receipt: "" });
  assert.equal(runs.last("file:///a.md"), undefined);
});

test("the newest run of a cell is shown, where edits moved it", () => {
  const runs = new Runs();
  runs.started({ uri: "u", cell: cell(3), executionId: "1" }, "", "");
  runs.edited("u", { first: 0, column: 0, last: 0, added: 2 });
  runs.edited("other", { first: 0, column: 0, last: 0, added: 9 });
  runs.started({ uri: "u", cell: cell(5), executionId: "2" }, "", "");
  assert.deepEqual(runs.latest("u").map((run) => [run.id, run.line]), [["2", 5]]);
});

test("what ran when the server went away has ended", () => {
  const runs = new Runs();
  runs.started({ uri: "u", cell: cell(3), executionId: "1" }, "", "");
  runs.lost();
  assert.equal(runs.last("u")?.finished?.exitCode, null);
});

test("a flood of output and of runs is kept within bounds", () => {
  const runs = new Runs();
  for (let i = 0; i < 60; i++) {
    runs.started({ uri: "u", cell: cell(i), executionId: String(i) }, "", "");
    for (let j = 0; j < 10; j++) runs.output({ executionId: String(i), stream: "stdout", text: "x".repeat(100_000) });
    runs.finished({ executionId: String(i), exitCode: 0, durationMs: 5, receipt: "" });
  }
  assert.equal(runs.latest("u").length, 50);
  assert.ok((runs.last("u")?.output.length ?? 0) <= 500_000);
});

test("examples are read newest first, and broken lines passed over", () => {
  const text = [
    '{"intent": "old", "command": "a", "id": "1", "time": 1}',
    "no json",
    '{"intent": "no command", "id": "2"}',
    '{"intent": "new", "command": "b", "id": "3", "time": 9, "source": "corrected", "file": "/x.md", "line": 4}',
    "",
  ].join("\n");
  assert.deepEqual(parseExamples(text).map(({ id, line }) => [id, line]), [["3", 4], ["1", -1]]);
  assert.equal(sourceInWords("corrected"), "Corrected by you");
  assert.equal(sourceInWords("dreamt"), "dreamt");
  assert.deepEqual(inOrder(["dreamt", "documented", "corrected"]), ["corrected", "documented", "dreamt"]);
});
