"""The user's word on what runs teach, in the editor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .editor import editor
from .test_commands import command, write

CELL = "Greet the team\n\n```sh\necho hello\n```\n\n```sh\n```\n"


async def test_a_run_can_be_learned_and_taken_back(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, CELL))
        ran = await command(window, "runCell", {"uri": uri, "line": 2})
        assert ran["receipt"] == "learned"
        gone = await window.act(uri, 2, "Do not learn this run")
        assert gone == {"executionId": ran["executionId"], "receipt": "not learned: as you asked"}
        assert "not learned: as you asked" in await window.hover(uri, 3)
        assert await window.act(uri, 2, "Learn this run") == {
            "executionId": ran["executionId"],
            "receipt": "learned",
        }
        again = await command(window, "unlearnRun", {"id": ran["executionId"]})
        assert again["receipt"] == "not learned: as you asked"
        with pytest.raises(JsonRpcException, match="no such run"):
            await command(window, "learnRun", {"id": "01NONE"})


async def test_learning_is_paused_and_goes_on(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, CELL))
        assert await command(window, "pauseLearning") == {"paused": True}
        ran = await command(window, "runCell", {"uri": uri, "line": 2})
        assert ran["receipt"] == "not learned: learning is paused"
        assert await command(window, "pauseLearning") == {"paused": False}
        assert (await command(window, "runCell", {"uri": uri, "line": 2}))["receipt"] == "learned"


@pytest.mark.parametrize(("answer", "waiting"), [("Share", True), ("Keep it to me", False), (None, False)])
async def test_the_team_gets_what_the_user_agrees_to(
    tmp_path: Path, answer: str | None, waiting: bool
) -> None:
    settings = {"memory": {"server": "http://127.0.0.1:9"}}
    async with editor(tmp_path, settings=settings) as window:
        window.answer = answer
        uri = window.open(write(tmp_path, CELL))
        await command(window, "runCell", {"uri": uri, "line": 2})
        await window.until(uri, lambda: bool(window.questions))
        (question,) = window.questions
        assert question.type == types.MessageType.Info
        assert question.message.endswith("Greet the team: echo hello")
        if waiting:
            await window.until(
                uri, lambda: any("It goes to http://127.0.0.1:9" in m for m in window.messages)
            )
        shared = await command(window, "shareRun", {"uri": uri, "line": 2})
        assert shared == {"shared": 1}  # the server is away: it still waits, or waits now


async def test_a_teams_file_counts_when_it_changes(tmp_path: Path) -> None:
    def line(intent: str, command: str) -> str:
        return json.dumps({"intent": intent, "command": command}) + "\n"

    file = tmp_path / "team.jsonl"
    file.write_text(line("List the pods", "kubectl get pods") + "no JSON\n")
    (tmp_path / "runbook-ls.toml").write_text('memory.files = ["team.jsonl"]\n')
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, "Drain the node n-7\n\n```sh\n```\n"))
        await window.until(uri, lambda: any("team.jsonl, line 2" in message for message in window.messages))
        file.write_text(line("Drain the node n-3", "kubectl drain n-3") + "[]\n")
        change = types.FileEvent(file.as_uri(), types.FileChangeType.Changed)
        window.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
        await window.until(uri, lambda: sum("team.jsonl, line 2" in m for m in window.messages) > 1)
        found = await command(window, "generate", {"uri": uri, "line": 2})
        assert found["suggestion"] == "kubectl drain n-7", found
