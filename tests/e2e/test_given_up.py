"""A question that nobody waits for any more: the client is told, its late answer is passed over, nothing is logged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runbook_ls.config import paths

from .test_features import opened
from .wire import Wire

TEXT = "Remove what was built\n\n```sh\nrm -rf ./build\n```\n"
INPUTS = '---\ninputs:\n  - name: zone\n---\n\nShow the zone\n\n```sh\necho "$zone"\n```\n'


@pytest.mark.parametrize("answer", [{"error": {"code": -32800, "message": "gone"}}, {"result": None}])
@pytest.mark.parametrize(
    ("text", "question"), [(TEXT, "window/showMessageRequest"), (INPUTS, "runbook/input")]
)
def test_a_run_that_is_taken_back_takes_its_question_back(
    tmp_path: Path, text: str, question: str, answer: dict[str, object]
) -> None:
    runbook = tmp_path / "a.md"
    runbook.write_text(text)
    wire = Wire(
        tmp_path,
        capabilities={"window": {"showMessage": {}}, "experimental": {"runbook": {"input": True}}},
    )
    document = opened(wire, runbook)
    line = text[: text.index("```")].count("\n")
    run = {"command": "runbook.runCell", "arguments": [{**document["textDocument"], "line": line}]}
    wire.send("workspace/executeCommand", 700, run)
    asked = next(message for message in iter(wire.receive, None) if message.get("method") == question)
    wire.send("$/cancelRequest", None, {"id": 700})
    seen = [wire.receive(), wire.receive()]
    while not (
        any(m.get("id") == 700 for m in seen) and any(m.get("method") == "$/cancelRequest" for m in seen)
    ):
        seen.append(wire.receive())
    assert [m["params"] for m in seen if m.get("method") == "$/cancelRequest"] == [{"id": asked["id"]}]
    assert [m["error"]["code"] for m in seen if m.get("id") == 700] == [-32800]
    wire.put(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **answer}).encode())
    assert "result" in wire.ask(
        "textDocument/hover", {**document, "position": {"line": line, "character": 0}}
    )
    assert wire.close() == 0
    assert not paths.find().log.exists() or paths.find().log.read_text() == ""
