import assert from "node:assert/strict";
import test from "node:test";

import { fenceAt, fences, moved, nextFence, previousFence } from "../src/cells";

const TEXT = [
  "# Title", // 0
  "```sh {name=a}", // 1
  "echo one", // 2
  "```", // 3
  "1. step", // 4
  "   ~~~bash", // 5
  "   echo two", // 6
  "     indented", // 7
  "   ~~~", // 8
  "> ```sh", // 9
  "> quoted", // 10
  "> ```", // 11
  "`` ` `` no cell ```", // 12
  "````md", // 13
  "```", // 14
  "````", // 15
  "```python", // 16
  "never closed", // 17
];

test("cells are found in text, lists and quotes, with their bodies", () => {
  assert.deepEqual(
    fences(TEXT).map(({ start, end, language, body }) => [start, end, language, body]),
    [
      [1, 3, "sh", "echo one"],
      [5, 8, "bash", "echo two\n  indented"],
      [9, 11, "sh", "quoted"],
      [13, 15, "md", "```"],
      [16, 17, "python", "never closed"],
    ],
  );
});

test("the cell under a line includes its fences", () => {
  assert.equal(fenceAt(TEXT, 0), undefined);
  assert.equal(fenceAt(TEXT, 1)?.start, 1);
  assert.equal(fenceAt(TEXT, 3)?.start, 1);
  assert.equal(fenceAt(TEXT, 4), undefined);
});

test("the cells before and after a line", () => {
  assert.equal(nextFence(TEXT, 3)?.start, 5);
  assert.equal(nextFence(TEXT, 17), undefined);
  assert.equal(previousFence(TEXT, 5)?.start, 1);
  assert.equal(previousFence(TEXT, 0), undefined);
});

test("the answer is the same at every line of every cut of a text", () => {
  for (let length = 0; length <= TEXT.length; length++) {
    for (const fence of fences(TEXT.slice(0, length))) {
      assert.ok(fence.start <= fence.end && fence.end < length);
    }
  }
});

test("a line moves with the edits before it", () => {
  const typed = { first: 2, column: 4, last: 2, added: 1 };
  assert.equal(moved(5, typed), 6);
  assert.equal(moved(2, typed), 2);
  assert.equal(moved(1, typed), 1);
  assert.equal(moved(5, { first: 5, column: 0, last: 5, added: 2 }), 7, "pushed down by lines typed before it");
  assert.equal(moved(5, { first: 1, column: 0, last: 3, added: 0 }), 3, "lines above were deleted");
  assert.equal(moved(5, { first: 3, column: 2, last: 5, added: 0 }), 3, "joined to an earlier line");
  assert.equal(moved(4, { first: 3, column: 2, last: 5, added: 0 }), 3, "its own line is gone");
});
