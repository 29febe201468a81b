"""Random edits and requests, with a model of the document beside: at the end the server knows what a fresh one knows.

A short run in the suite; RUNBOOK_LS_FUZZ_STEPS=10000 for a long one.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.lsp.convert import Columns
from runbook_ls.values import Position, Span, TextEdit

from .wire import Wire

STEPS = int(os.environ.get("RUNBOOK_LS_FUZZ_STEPS", "250"))
PIECES = ["", "a", "é", "😀", "\u2028", "\f", "\n", "\r\n", "\r", "```sh\n", "```\n", "~~~\n", "- ", "> ", "# Head\n", "---\n",
          "kubectl -n <ns> get pods\n", "X=1\n", "echo $X\n", "{name=a}", "`a`", "[l](#a)\n", "    ls\n", "\t", "\n\n"]  # fmt: skip
ABOUT_DOCUMENT = ["foldingRange", "documentSymbol", "codeLens", "documentLink", "diagnostic"]
ABOUT_PLACE = ["hover", "definition", "completion", "prepareRename"]


class Model:
    """What the text must be, edited by code that the server does not use for it."""

    def __init__(self, text: str, encoding: str) -> None:
        self.text = text
        self.encoding = encoding
        self.version = 1

    def place(self, chance: random.Random) -> tuple[Position, dict[str, int]]:
        """A position, also past ends of lines and of the text; in code points, and as the client sends it."""
        lines = split_lines(self.text)
        line = chance.randrange(len(lines) + 2)
        width = len(lines[line].rstrip("\r\n")) if line < len(lines) else 0
        position = Position(line, chance.randrange(width + 1))
        sent = Columns(lines, self.encoding).to_position(position)
        beyond = 50 if position.column == width and chance.random() < 0.2 else 0
        return position, {"line": sent.line, "character": sent.character + beyond}

    def change(self, chance: random.Random) -> dict[str, object]:
        """Make a change; what the client tells of it."""
        new = "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 5)))
        if chance.random() < 0.03:
            self.text = new
            return {"text": new}
        (start, sent_start), (end, sent_end) = sorted(
            (self.place(chance), self.place(chance)), key=lambda p: p[0]
        )
        if chance.random() < 0.6:
            end, sent_end = start, sent_start
        self.text = apply_edits(self.text, [TextEdit(Span(start, end), new)])
        return {"range": {"start": sent_start, "end": sent_end}, "text": new}


def start(folder: Path, encoding: str) -> Wire:
    return Wire(folder, capabilities={"general": {"positionEncodings": [encoding]}})


def opened(wire: Wire, uri: str, text: str) -> None:
    item = {"uri": uri, "languageId": "markdown", "version": 1, "text": text}
    wire.send("textDocument/didOpen", None, {"textDocument": item})


def known(wire: Wire, uri: str) -> dict[str, Any]:
    """All that a server says about a document."""
    answers = {}
    for name in ABOUT_DOCUMENT:
        answer = wire.ask(f"textDocument/{name}", {"textDocument": {"uri": uri}})
        assert "result" in answer, answer
        answers[name] = answer["result"]
    answers["diagnostic"].pop("resultId")
    return answers


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_after_any_edits_the_server_knows_what_a_fresh_one_knows(tmp_path: Path, encoding: str) -> None:
    chance = random.Random(f"{encoding} 5")
    uri = (tmp_path / "a.md").as_uri()
    wire = start(tmp_path, encoding)
    model = Model("# A\n\nShow it\n\n```sh {name=a}\nls\n```\n", encoding)
    opened(wire, uri, model.text)
    for _ in range(STEPS // 3):
        if chance.random() < 0.7:
            changes = [model.change(chance) for _ in range(chance.choice((1, 1, 1, 3)))]
            model.version += 1
            document = {"uri": uri, "version": model.version}
            wire.send("textDocument/didChange", None, {"textDocument": document, "contentChanges": changes})
        elif chance.random() < 0.1:
            wire.send("textDocument/didClose", None, {"textDocument": {"uri": uri}})
            opened(wire, uri, model.text)
            model.version = 1
        else:
            method = chance.choice(ABOUT_PLACE)
            params = {"textDocument": {"uri": uri}, "position": model.place(chance)[1]}
            answer = wire.ask(f"textDocument/{method}", params)
            # What cannot be renamed is refused in words; nothing else fails.
            assert "result" in answer or method == "prepareRename", json.dumps(answer)
        if len(model.text) > 4_000:
            model.text = ""
            model.version += 1
            document = {"uri": uri, "version": model.version}
            wire.send(
                "textDocument/didChange", None, {"textDocument": document, "contentChanges": [{"text": ""}]}
            )
    fresh = start(tmp_path, encoding)
    opened(fresh, uri, model.text)
    assert known(wire, uri) == known(fresh, uri)
    assert fresh.close() == wire.close() == 0
