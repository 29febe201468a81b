"""Features that live by the client's capabilities, and settings that change while the server runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from lsprotocol import types

from runbook_ls.config import paths
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson

from .clients import vscode
from .editor import Editor, editor
from .test_commands import command
from .wire import Wire

CHAIN = (
    "Name it\n\n```sh\nTARGET=shop\n```\n\nSay it\n\n```sh\necho $TARGET\n```\n\nAlone\n\n```sh\nfalse\n```\n"
)


async def hints(window: Editor, uri: str) -> dict[int, str]:
    """The inlay hints by line, without duration and age."""
    whole = types.Range(types.Position(0, 0), types.Position(99, 0))
    found = await window.client.text_document_inlay_hint_async(
        types.InlayHintParams(types.TextDocumentIdentifier(uri), whole)
    )
    short = {}
    for hint in found or []:
        parts = str(hint.label).split(" · ")
        short[hint.position.line] = " · ".join([parts[0], *parts[3:]])
    return short


async def test_hints_say_how_cells_went_and_what_is_stale(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(CHAIN)
    async with editor(tmp_path) as window:
        uri = window.open(tmp_path / "a.md")
        assert await hints(window, uri) == {}
        for line in (3, 9, 15):
            await command(window, "runCell", {"uri": uri, "line": line})
        assert await hints(window, uri) == {2: "✓ exit 0", 8: "✓ exit 0", 14: "✗ exit 1"}
        window.replace(uri, "TARGET=shop", "TARGET=mall")
        assert await hints(window, uri) == {2: "✓ exit 0 · stale", 8: "✓ exit 0 · stale", 14: "✗ exit 1"}
    async with editor(tmp_path) as window:
        uri = window.open(tmp_path / "a.md")
        assert await hints(window, uri) == {2: "✓ exit 0", 8: "✓ exit 0", 14: "✗ exit 1"}
    with Journal.open(paths.find().journal) as journal:
        lost = replace(journal.runs(1)[0], exit_code=None, ending="unknown")
        with journal.writing() as writing:
            writing.add_run(lost)
    async with editor(tmp_path) as window:
        uri = window.open(tmp_path / "a.md")
        assert (await hints(window, uri))[14] == "? no end known"
        assert "**no end known**, " in await window.hover(uri, 15)


async def test_the_setting_runbooks_says_where_lenses_and_hints_are(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("build/\n")
    for folder in ("docs", "build", "vendor"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text(CHAIN)
    async with editor(tmp_path) as window:
        seen = [
            len(await window.lenses(window.open(tmp_path / f / "a.md"))) > 0
            for f in ("docs", "build", "vendor")
        ]
        assert seen == [True, False, False]
    async with editor(tmp_path, settings={"runbooks": ["vendor/**"]}) as window:
        seen = [len(await window.lenses(window.open(tmp_path / f / "a.md"))) > 0 for f in ("docs", "vendor")]
        assert seen == [False, True]


async def test_diagnostics_can_be_pulled(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("List\n\n```sh\nkubectl -n <namespace> get pods\n```\n")
    async with editor(tmp_path, capabilities=vscode()) as window:
        uri = window.open(tmp_path / "a.md")
        asked = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
        first = await window.client.text_document_diagnostic_async(asked)
        assert isinstance(first, types.RelatedFullDocumentDiagnosticReport)
        assert [item.code for item in first.items] == ["RB104"]
        asked.previous_result_id = first.result_id
        same = await window.client.text_document_diagnostic_async(asked)
        assert isinstance(same, types.RelatedUnchangedDocumentDiagnosticReport)
        window.replace(uri, "<namespace>", "shop")
        last = await window.client.text_document_diagnostic_async(asked)
        assert isinstance(last, types.RelatedFullDocumentDiagnosticReport)
        assert not last.items
        # What was pushed before the first pull is taken back: nothing is shown twice.
        assert not window.client.diagnostics[uri]


async def test_bash_has_the_last_word_on_syntax(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("List\n\n```sh\nif true; then echo\n```\n")
    async with editor(tmp_path) as window:
        uri = window.open(tmp_path / "a.md")
        await window.until(
            uri, lambda: any(d.code == "RB101" for d in window.client.diagnostics.get(uri, ()))
        )
        assert "RB101" in await window.hover(uri, 3) or "RB101" in await window.hover(uri, 4)


def test_ghost_text_is_the_grounded_suggestion(tmp_path: Path) -> None:
    """In bare JSON: lsprotocol reads an answer's list of items as an empty one."""
    (tmp_path / "a.md").write_text("- Show the disk usage of host db-7\n\n  ```sh\n  ss\n  ```\n")
    with Journal.open(paths.find().journal) as journal, journal.writing() as writing:
        writing.teach(Lesson("Show the disk usage of host db-2", "ssh db-2 df -h", source="taught"))
    wire = Wire(tmp_path, initialize=False)
    plain = wire.ask("initialize", wire.params | {"capabilities": {"textDocument": {"inlineCompletion": {}}}})
    assert "inlineCompletionProvider" in plain["result"]["capabilities"]
    place = {"position": {"line": 3, "character": 4}, "context": {"triggerKind": 2}}
    answer = wire.ask("textDocument/inlineCompletion", opened(wire, tmp_path / "a.md") | place)
    (item,) = answer["result"]["items"]
    assert item["insertText"] == "ssh db-7 df -h"
    assert item["range"] == {"start": {"line": 3, "character": 2}, "end": {"line": 3, "character": 4}}
    assert wire.close() == 0


async def test_a_command_is_generated_below_a_paragraph_and_another_one_instead(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("- Show the disk usage of host db-7\n")
    with Journal.open(paths.find().journal) as journal, journal.writing() as writing:
        writing.teach(Lesson("Show the disk usage of host db-2", "ssh db-2 df -h", source="taught"))
        writing.teach(
            Lesson("Show the disk usage per folder of host db-2", "ssh db-2 du -sh", source="taught")
        )
    async with editor(tmp_path) as window:
        uri = window.open(tmp_path / "a.md")
        await window.act(uri, 0, "Generate command below")
        first = "- Show the disk usage of host db-7\n\n  ```sh\n  ssh db-7 df -h\n  ```\n"
        assert window.buffers[uri] == first
        why = await window.act(uri, 3, "Why this suggestion?")
        assert "Show the disk usage of host db-2" in why["markdown"]  # type: ignore[index]
        await window.act(uri, 3, "Another suggestion")
        assert "ssh db-7 du -sh" in window.buffers[uri]
        await window.act(uri, 3, "Forget this example")
        assert window.messages[-1].startswith("Forgot “Show the disk usage")


async def test_an_empty_memory_offers_to_learn_the_folder(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "old.md").write_text(
        "Show the disk usage of host db-2\n\n```sh\nssh db-2 df -h\n```\n"
    )
    (tmp_path / "a.md").write_text("Show the disk usage of host db-7\n\n```sh\n```\n")
    async with editor(tmp_path, settings={"memory.learn_workspace": False}) as window:
        window.answer = "Learn this folder (1 pair)"
        uri = window.open(tmp_path / "a.md")
        await window.act(uri, 2, "Generate command")
        assert window.messages[-1].startswith("Nothing yet")
        await window.until(uri, lambda: "runbook-ls: learned 1 example" in window.messages)
        assert [action.title for action in window.questions[-1].actions or ()] == [
            window.answer,
            "Set up a model",
        ]
        await window.act(uri, 2, "Generate command")
        assert "ssh db-7 df -h" in window.buffers[uri]


def opened(wire: Wire, file: Path) -> dict[str, Any]:
    """Open a runbook; its first diagnostics."""
    item = {"uri": file.as_uri(), "languageId": "markdown", "version": 1, "text": file.read_text()}
    wire.send("textDocument/didOpen", None, {"textDocument": item})
    return {"textDocument": {"uri": file.as_uri()}}


def test_each_folder_has_its_own_settings_and_trust(tmp_path: Path) -> None:
    text = "Make it\n\n```sh\ntouch made\n```\n"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text(text)
    (tmp_path / "one" / "runbook-ls.toml").write_text('runbooks = ["none.md"]\nconsent = "sometimes"\n')
    (tmp_path / "two" / "runbook-ls.toml").write_text('runbooks = ["none.md"]\n')
    one, two = tmp_path / "one", tmp_path / "two"
    wire = Wire(one, initialize=False)
    wire.params["workspaceFolders"] = [{"uri": f.as_uri(), "name": f.name} for f in (one, two)]
    wire.params["initializationOptions"] = {"trusted": {one.as_uri(): True, two.as_uri(): False}}
    wire.ask("initialize", wire.params)
    wire.send("initialized", None, {})
    here, there = opened(wire, one / "a.md"), opened(wire, two / "a.md")
    # One is trusted, so its settings count: no lenses. Two is not: its settings do not count, and nothing runs.
    assert wire.ask("textDocument/codeLens", here)["result"] == []
    assert wire.ask("textDocument/codeLens", there)["result"] == []
    ran = wire.ask("workspace/executeCommand", {"command": "runbook.runCell", "arguments": [{"uri": there["textDocument"]["uri"], "line": 3}]})  # fmt: skip
    assert "not trusted" in ran["error"]["message"]
    assert wire.ask("workspace/executeCommand", {"command": "runbook.runCell", "arguments": [{"uri": here["textDocument"]["uri"], "line": 3}]})["result"]["exitCode"] == 0  # fmt: skip
    said = [m["params"]["message"] for m in wire.notifications if m.get("method") == "window/showMessage"]
    assert sum('"consent"' in message for message in said) == 1
    # A change of the file counts when the client tells.
    (one / "runbook-ls.toml").write_text("")
    wire.send("workspace/didChangeWatchedFiles", None, {"changes": []})
    assert len(wire.ask("textDocument/codeLens", here)["result"]) == 1
    # And so does what the client pushes.
    wire.send("workspace/didChangeConfiguration", None, {"settings": {"runbook-ls": {"runbooks": ["x.md"]}}})
    assert wire.ask("textDocument/codeLens", here)["result"] == []
    assert wire.close() == 0


def test_the_client_is_asked_for_settings(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Make it\n\n```sh\ntouch made\n```\n")
    wire = Wire(tmp_path, capabilities={"workspace": {"configuration": True}})
    asked = wire.receive()
    assert asked["params"]["items"] == [{"scopeUri": tmp_path.as_uri(), "section": "runbook-ls"}]
    answer = b'{"jsonrpc": "2.0", "id": "%s", "result": [{"runbooks": ["x.md"], "consent": 3}]}'
    wire.put(answer % str(asked["id"]).encode())
    message = wire.receive()
    assert message["params"]["message"].startswith('the editor\'s settings: setting "consent" must be a text')
    here = opened(wire, tmp_path / "a.md")
    assert wire.ask("textDocument/codeLens", here)["result"] == []
    assert wire.close() == 0


def test_other_settings_are_seen_by_who_pulls(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("List\n\n```sh\nkubectl -n <namespace> get pods\n```\n")
    wire = Wire(tmp_path, capabilities={"workspace": {"diagnostics": {"refreshSupport": True}}})
    here = opened(wire, tmp_path / "a.md")
    first = wire.ask("textDocument/diagnostic", here)["result"]
    assert [item["code"] for item in first["items"]] == ["RB104"]
    (tmp_path / "runbook-ls.toml").write_text('[lint]\nignore = ["RB104"]\n')
    wire.send("workspace/didChangeWatchedFiles", None, {"changes": []})
    then = wire.ask("textDocument/diagnostic", {**here, "previousResultId": first["resultId"]})["result"]
    assert (then["kind"], then["items"]) == ("full", [])
    assert [m["method"] for m in wire.notifications if "refresh" in m["method"]] == [
        "workspace/diagnostic/refresh"
    ]
    assert wire.close() == 0


def test_a_folder_that_is_added_has_the_settings_of_the_editor(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "a.md").write_text("Make it\n\n```sh\ntouch made\n```\n")
    wire = Wire(one)
    wire.send("workspace/didChangeConfiguration", None, {"settings": {"runbook-ls": {"runbooks": ["x.md"]}}})
    added = {"added": [{"uri": two.as_uri(), "name": "two"}], "removed": []}
    wire.send("workspace/didChangeWorkspaceFolders", None, {"event": added})
    assert wire.ask("textDocument/codeLens", opened(wire, two / "a.md"))["result"] == []
    assert wire.close() == 0

    wire = Wire(one, capabilities={"workspace": {"configuration": True}})
    for folders in ([one], [one, two]):
        asked = wire.receive()
        assert [item["scopeUri"] for item in asked["params"]["items"]] == [f.as_uri() for f in folders]
        told = [{"runbooks": ["x.md"], "consent": 3} if folder == two else {} for folder in folders]
        wire.put(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": told}).encode())
        if two not in folders:
            wire.send("workspace/didChangeWorkspaceFolders", None, {"event": added})
    assert "consent" in wire.receive()["params"]["message"]  # its answer has arrived
    there = opened(wire, two / "a.md")
    assert wire.ask("textDocument/codeLens", there)["result"] == []
    assert wire.close() == 0


def test_fixes_are_of_the_version_that_they_were_made_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("List\n\n```sh\n$ ls\n```\n")
    wire = Wire(tmp_path, capabilities={"workspace": {"workspaceEdit": {"documentChanges": True}}})
    here = opened(wire, tmp_path / "a.md")
    line = {"start": {"line": 3, "character": 0}, "end": {"line": 3, "character": 0}}
    found = wire.ask("textDocument/codeAction", {**here, "range": line, "context": {"diagnostics": []}})
    edits = [action["edit"] for action in found["result"] if "edit" in action]
    assert edits
    for edit in edits:
        assert [change["textDocument"]["version"] for change in edit["documentChanges"]] == [1]
    assert wire.close() == 0


def test_nothing_is_told_with_a_progress_token_that_was_refused(tmp_path: Path) -> None:
    """And what the progress is of goes on."""
    (tmp_path / "disk.md").write_text("Show the disk usage of host db-2\n\n```sh\nssh db-2 df -h\n```\n")
    (tmp_path / "a.md").write_text("Show the disk usage of host db-7\n\n```sh\n```\n")
    wire = Wire(
        tmp_path,
        capabilities={"window": {"workDoneProgress": True}},
        options={"memory.learn_workspace": True},
    )
    while (asked := wire.receive())["method"] != "window/workDoneProgress/create":
        pass
    refused = {"jsonrpc": "2.0", "id": asked["id"], "error": {"code": -32601, "message": "no"}}
    wire.put(json.dumps(refused).encode())
    here = opened(wire, tmp_path / "a.md")["textDocument"]["uri"]
    why = {"command": "runbook.explain", "arguments": [{"uri": here, "line": 2}]}
    for _ in range(5_000):
        found = wire.ask("workspace/executeCommand", why)["result"]["markdown"]
        if "ssh db-7 df -h" in found:
            break
    assert "ssh db-7 df -h" in found
    assert not [m for m in wire.notifications if m["method"] == "$/progress"]
    assert wire.close() == 0
