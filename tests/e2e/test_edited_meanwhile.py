"""A runbook that is edited while it runs, and after: what is known of a cell goes with it, and with no other."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from .test_features import opened
from .wire import Wire

FIRST = "Wait\n\n```sh\necho > started; cat stop\n```\n\n"
SECOND = "Say b\n\n```sh\necho b | tee -a log\n```\n\n"
THIRD = "Say c\n\n```sh\necho c >> log\n```\n"


class Window:
    """A runbook with three cells in an editor, of which the first waits to be told to stop."""

    def __init__(self, folder: Path, **how: Any) -> None:
        self.folder = folder
        (folder / "a.md").write_text(FIRST + SECOND + THIRD)
        for pipe in ("started", "stop"):
            os.mkfifo(folder / pipe)
        self.wire = Wire(folder, **how)
        self.document = opened(self.wire, folder / "a.md")
        self.version = 1

    def start(self) -> None:
        """Run all, and go on when the first cell runs."""
        run = {"command": "runbook.runAll", "arguments": [self.document["textDocument"]]}
        self.wire.send("workspace/executeCommand", 500, run)
        (self.folder / "started").read_text()

    def end(self) -> dict[str, Any]:
        """Have the first cell stop; the answer to *Run all*."""
        (self.folder / "stop").write_text("")
        return self.wire.answer(500)

    def change(self, change: dict[str, object]) -> None:
        self.version += 1
        document = {**self.document["textDocument"], "version": self.version}
        changed = {"textDocument": document, "contentChanges": [change]}
        self.wire.send("textDocument/didChange", None, changed)

    def lines(self, first: int, last: int, text: str) -> None:
        """Put `text` in the place of these lines."""
        start, end = ({"line": line, "character": 0} for line in (first, last))
        self.change({"range": {"start": start, "end": end}, "text": text})

    def hints(self) -> dict[int, str]:
        """The inlay hints by line: how the cell went, and whether that is stale."""
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
        found = self.wire.ask("textDocument/inlayHint", {**self.document, "range": whole})["result"]
        parts = {hint["position"]["line"]: hint["label"].split(" · ") for hint in found}
        return {line: " · ".join([first, *more[2:]]) for line, (first, *more) in parts.items()}

    def lenses(self) -> dict[int, str]:
        found = self.wire.ask("textDocument/codeLens", self.document)["result"]
        return {lens["range"]["start"]["line"]: lens["command"]["title"] for lens in reversed(found)}

    def hover(self, line: int) -> str:
        place = {**self.document, "position": {"line": line, "character": 0}}
        return str(self.wire.ask("textDocument/hover", place)["result"]["contents"]["value"])


def test_a_cell_that_runs_is_not_one_whose_end_is_unknown(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.start()
    assert window.hints() == {}
    assert window.hover(3).startswith("It runs now.")
    unlearn = {"command": "runbook.unlearnRun", "arguments": [{**window.document["textDocument"], "line": 3}]}
    assert "still runs" in window.wire.ask("workspace/executeCommand", unlearn)["error"]["message"]
    assert window.end()["result"]["exitCode"] == 0
    assert window.hints() == {2: "✓ exit 0", 8: "✓ exit 0", 14: "✓ exit 0"}
    assert window.wire.close() == 0


def test_another_window_hears_of_the_end_of_a_run(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.start()
    here, window.wire = window.wire, Wire(tmp_path)
    opened(window.wire, tmp_path / "a.md")
    assert [label.split(" · ")[0] for label in window.hints().values()] == ["? no end known"]
    other, window.wire = window.wire, here
    assert window.end()["result"]["exitCode"] == 0
    window.wire = other
    assert window.hints()[2] == "✓ exit 0"
    assert here.close() == other.close() == 0


@pytest.mark.parametrize("last", [12, 14])
def test_no_other_cell_runs_for_one_that_was_taken_out(tmp_path: Path, last: int) -> None:
    """Neither where another begins on its line now, nor where prose stands there."""
    window = Window(tmp_path)
    window.start()
    window.lines(8 if last == 14 else 6, last, "")
    assert window.lenses() == {2: "Cancel", 8: "Waiting: cancel"}
    assert "no longer in" in window.end()["error"]["message"]
    assert not (tmp_path / "log").exists()
    assert window.hints() == {2: "✓ exit 0"}
    assert window.wire.close() == 0


def test_the_output_of_a_cell_that_was_taken_out_goes_under_no_other(tmp_path: Path) -> None:
    window = Window(tmp_path, options={"output": "document"})
    run = {"command": "runbook.runCell", "arguments": [{**window.document["textDocument"], "line": 2}]}
    window.wire.send("workspace/executeCommand", 500, run)
    (tmp_path / "started").read_text()
    window.lines(2, 8, "")  # now the second one begins where the first did
    (tmp_path / "stop").write_text("printed")
    assert window.wire.answer(500)["result"]["exitCode"] == 0
    assert not [m for m in window.wire.notifications if m.get("method") == "workspace/applyEdit"]
    assert window.hints() == {}
    assert window.wire.close() == 0


def test_how_a_cell_went_goes_with_it_and_with_no_other(tmp_path: Path) -> None:
    window = Window(tmp_path)
    window.start()
    window.end()
    window.change({"text": "# Title\n\n" + FIRST + SECOND + THIRD})
    window.lines(17, 18, "echo d >> log\n")
    assert window.hints() == {4: "✓ exit 0", 10: "✓ exit 0", 16: "✓ exit 0 · stale"}
    window.lines(4, 16, "")  # the first and second; the third stands where the first did
    assert window.hints() == {4: "✓ exit 0 · stale"}
    window.lines(4, 4, (FIRST + SECOND + THIRD)[len("Wait\n\n") : -len(THIRD.partition("\n\n")[2])])  # undone
    assert window.hints() == {4: "✓ exit 0", 10: "✓ exit 0", 16: "✓ exit 0 · stale"}
    assert window.wire.close() == 0


@pytest.mark.parametrize("same", [True, False])
def test_a_run_goes_on_in_a_runbook_that_is_opened_again_as_it_was(tmp_path: Path, same: bool) -> None:
    window = Window(tmp_path)
    window.start()
    window.wire.send("textDocument/didClose", None, window.document)
    if not same:
        (tmp_path / "a.md").write_text("Other\n\n```sh\nls\n```\n\n" + SECOND + THIRD)
    opened(window.wire, tmp_path / "a.md")
    assert (window.lenses()[2] == "Cancel") == same
    assert ("result" in window.end()) == same
    assert (tmp_path / "log").exists() == same
    assert window.hints() == ({2: "✓ exit 0", 8: "✓ exit 0", 14: "✓ exit 0"} if same else {})
    assert window.wire.close() == 0


@pytest.mark.parametrize("answer", [None, {"applied": "yes?"}, 3, {"applied": False}])
def test_an_answer_that_makes_no_sense_keeps_no_run_waiting(tmp_path: Path, answer: object) -> None:
    window = Window(tmp_path, options={"output": "document"})
    run = {"command": "runbook.runCell", "arguments": [{**window.document["textDocument"], "line": 8}]}
    window.wire.send("workspace/executeCommand", 500, run)
    while (asked := window.wire.receive()).get("method") != "workspace/applyEdit":
        pass
    window.wire.put(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": answer}).encode())
    assert window.wire.answer(500)["result"]["exitCode"] == 0
    assert window.wire.close() == 0
