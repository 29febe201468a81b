"""The server as a process: diagnostics, bad input, its beginning and its end."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from runbook_ls.config import paths
from runbook_ls.memory.journal import Journal

from .editor import Editor, editor

BROKEN = "List the pods\n\n```sh\nkubectl -n <namespace> get pods\n```\n\nThen stop\n\n```sh\necho stop\n"


async def diagnostics(window: Editor, uri: str, version: int) -> list[tuple[int, str]]:
    """The (0-based line, code) pairs of the first publication for this version."""
    published = await window.publication(uri, version)
    return [(d.range.start.line, str(d.code)) for d in published.diagnostics]


async def test_every_version_gets_its_diagnostics(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(BROKEN)
    async with editor(tmp_path) as window:
        uri = window.open(tmp_path / "a.md")
        assert await diagnostics(window, uri, 1) == [(3, "RB104"), (8, "RB001")]
        window.replace(uri, "<namespace>", "shop")
        assert await diagnostics(window, uri, 2) == [(8, "RB001")]
        end = types.Position(10, 0)
        window._change(uri, types.Range(end, end), "```\n")
        assert await diagnostics(window, uri, 3) == []


async def test_a_placeholder_that_ran_teaches_nothing(tmp_path: Path) -> None:
    """`cat <namespace> …` exits 0 where a file `namespace` is: it is valid bash, and no lesson."""
    (tmp_path / "a.md").write_text("Show it\n\n```sh\ncat <namespace> /dev/null\n```\n")
    (tmp_path / "namespace").write_text("")
    async with editor(tmp_path) as window:
        window.answer = "Run"
        uri = window.open(tmp_path / "a.md")
        answer = await window.act(uri, 3, "Run cell")
    assert answer["receipt"].startswith("not learned: ")  # type: ignore[index]


@pytest.mark.parametrize("trusted", [None, False])
async def test_without_trust_nothing_that_changes_runs_unasked(tmp_path: Path, trusted: bool | None) -> None:
    (tmp_path / "a.md").write_text("Make it\n\n```sh\ntouch made\n```\n")
    async with editor(tmp_path, trusted=trusted) as window:
        uri = window.open(tmp_path / "a.md")
        assert [title for _, title in await window.lenses(uri)] == ([] if trusted is False else ["Run cell"])
        run = types.ExecuteCommandParams("runbook.runCell", arguments=[{"uri": uri, "line": 3}])
        if trusted is False:
            with pytest.raises(JsonRpcException, match="not trusted"):
                await window.client.workspace_execute_command_async(run)
        else:
            answer = await window.client.workspace_execute_command_async(run)
            assert answer["exitCode"] is None
            assert len(window.questions) == 1
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Which cell?"),
        (["text"], "takes one object"),
        ([{"uri": 3}], "uri is a text"),
        ([{"uri": "file:///nowhere.md", "line": 1}], "is not open"),
        ([{"uri": "URI", "line": "3"}], "0-based line"),
        ([{"uri": "URI", "line": 0}], "no cell at line 1"),
        ([{"uri": "URI", "name": "nope"}], "no cell named nope"),
    ],
)
async def test_command_arguments_are_looked_at(
    tmp_path: Path, arguments: list[object], sentence: str
) -> None:
    (tmp_path / "a.md").write_text("Hello\n\n```sh\necho\n```\n")
    async with editor(tmp_path) as window:
        uri = window.open(tmp_path / "a.md")
        sent = [{**a, "uri": uri} if isinstance(a, dict) and a.get("uri") == "URI" else a for a in arguments]
        with pytest.raises(JsonRpcException, match=sentence) as failure:
            await window.client.workspace_execute_command_async(
                types.ExecuteCommandParams("runbook.runCell", arguments=sent)
            )
    assert "Traceback" not in str(failure.value)


async def test_a_damaged_journal_is_set_aside_with_a_message(tmp_path: Path) -> None:
    file = paths.find().journal
    file.parent.mkdir(parents=True)
    file.write_bytes(b"not a database " * 100)
    (tmp_path / "a.md").write_text("Say hello\n\n```sh\necho hello\n```\n")
    async with editor(tmp_path) as window:
        uri = window.open(tmp_path / "a.md")
        answer = await window.act(uri, 3, "Run cell")
        assert answer["receipt"] == "learned"  # type: ignore[index]
        assert any("damaged" in message for message in window.messages)
    assert list(file.parent.glob("*.corrupt-*"))


async def test_a_newer_journal_stops_learning_but_no_run(tmp_path: Path) -> None:
    file = paths.find().journal
    Journal.open(file).close()
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = file.read_bytes()
    (tmp_path / "a.md").write_text("Say hello\n\n```sh\necho hello\n```\n\nSay more\n\n```sh\n```\n")
    async with editor(tmp_path) as window:
        window.answer = "Run"
        uri = window.open(tmp_path / "a.md")
        answer = await window.act(uri, 3, "Run cell")
        assert answer["exitCode"] == 0  # type: ignore[index]
        assert "newer" in answer["receipt"]  # type: ignore[index]
        with pytest.raises(JsonRpcException, match="newer"):
            await window.act(uri, 8, "Generate command")
    assert file.read_bytes() == before


async def test_settings_that_do_not_fit_are_named_once(tmp_path: Path) -> None:
    async with editor(tmp_path, settings={"consent": "maybe"}) as window:
        (tmp_path / "a.md").write_text("Hello\n")
        uri = window.open(tmp_path / "a.md")
        await window.lenses(uri)
        assert [m for m in window.messages if '"consent"' in m] == [
            "initializationOptions: setting \"consent\" must be one of normal, strict, not 'maybe'."
        ]


async def test_one_cell_of_a_runbook_runs_at_a_time_and_can_be_cancelled(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Wait\n\n```sh\ntouch started; sleep 600\n```\n")
    async with editor(tmp_path) as window:
        uri = window.open(tmp_path / "a.md")
        running = window.client.protocol.send_request_async(
            "workspace/executeCommand",
            types.ExecuteCommandParams("runbook.runCell", arguments=[{"uri": uri, "line": 3}]),
        )
        task = asyncio.ensure_future(running)
        while [title for _, title in await window.lenses(uri)] != ["Cancel"]:
            assert not task.done()
        with pytest.raises(JsonRpcException, match="still running"):
            await window.client.workspace_execute_command_async(
                types.ExecuteCommandParams("runbook.runCell", arguments=[{"uri": uri, "line": 3}])
            )
        await window.until(uri, (tmp_path / "started").exists)
        await window.client.workspace_execute_command_async(
            types.ExecuteCommandParams("runbook.cancel", arguments=[{"uri": uri}])
        )
        answer = await task
        assert answer["exitCode"] is None
        assert answer["receipt"] == "not learned: it did not finish"


async def test_a_trusted_workspace_teaches_in_the_background_and_answers_there(tmp_path: Path) -> None:
    docs = tmp_path / "here" / "docs"
    docs.mkdir(parents=True)
    (docs / "disk.md").write_text("Show the disk usage of host db-2\n\n```sh\nssh db-2 df -h\n```\n")
    (docs / "ask.md").write_text("Show the disk usage of host db-7\n\n```sh\n```\n")
    (tmp_path / "here" / "vendor").mkdir()
    (tmp_path / "here" / "vendor" / "other.md").write_text(
        "Show the memory of host db-2\n\n```sh\nfree\n```\n"
    )
    async with editor(tmp_path / "here", capabilities="visual_studio_code") as window:
        uri = window.open(docs / "ask.md")
        await window.until(
            uri, lambda: any(isinstance(p, types.WorkDoneProgressEnd) for p in window.progress)
        )
        await window.act(uri, 2, "Generate command")
        assert "ssh db-7 df -h" in window.buffers[uri]
    with Journal.open(paths.find().journal) as journal:
        assert [(e.source, e.command) for e in journal.examples()] == [("documented", "ssh db-2 df -h")]

    (tmp_path / "elsewhere").mkdir()
    async with editor(tmp_path / "elsewhere") as window:
        (tmp_path / "elsewhere" / "ask.md").write_text("Show the disk usage of host db-7\n\n```sh\n```\n")
        uri = window.open(tmp_path / "elsewhere" / "ask.md")
        await window.act(uri, 2, "Generate command")
        assert window.messages[-1].startswith("Nothing yet")


@pytest.mark.parametrize("trusted", [None, False])
async def test_without_trust_nothing_is_learned_in_the_background(
    tmp_path: Path, trusted: bool | None
) -> None:
    (tmp_path / "disk.md").write_text("Show the disk usage of host db-2\n\n```sh\nssh db-2 df -h\n```\n")
    async with editor(tmp_path, trusted=trusted) as window:
        await window.lenses(window.open(tmp_path / "disk.md"))
    assert not paths.find().journal.exists()
