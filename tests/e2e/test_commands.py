"""The commands of the protocol, and what clients are told while cells run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from .editor import Editor, editor

STEPS = """\
# Deploy

Name it

```sh
export TARGET=shop
```

Say it

```sh
echo "to $TARGET"; echo aside >&2
```

Fail

```sh
exit 3
```

Never reached

```sh
touch reached
```
"""
RICH = types.ClientCapabilities(
    window=types.WindowClientCapabilities(
        work_done_progress=True, show_document=types.ShowDocumentClientCapabilities(support=True)
    ),
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True), apply_edit=True
    ),
    experimental={"runbook": {"cellOutput": True}},
)


def write(folder: Path, text: str) -> Path:
    file = folder / "a.md"
    file.write_text(text)
    return file


async def command(window: Editor, name: str, *arguments: object) -> Any:
    return await window.client.workspace_execute_command_async(
        types.ExecuteCommandParams(f"runbook.{name}", arguments=list(arguments))
    )


async def test_cells_share_their_state_and_stop_at_the_first_failure(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, STEPS))
        ran = await command(window, "runAll", {"uri": uri})
        assert [(c["name"], c["exitCode"]) for c in ran["cells"]] == [
            ("export-target", 0), ("echo-to", 0), ("exit-3", 3),
        ]  # fmt: skip
        assert ran["exitCode"] == 3
        assert not (tmp_path / "reached").exists()
        output = await command(window, "showOutput", {"uri": uri, "name": "echo-to"})
        assert (output["text"], output["exitCode"]) == ("to shop\naside\n", 0)
        assert "to shop" in Path(output["outputFile"]).read_text()
        assert [d.uri for d in window.client.shown_documents] == [Path(output["outputFile"]).as_uri()]
        assert (await command(window, "resetState", {"uri": uri})) == {"reset": True}
        assert (await command(window, "runCell", {"uri": uri, "line": 11}))["exitCode"] == 0
        assert (await command(window, "showOutput", {"uri": uri, "line": 11}))["text"] == "to \naside\n"


async def test_run_above_leaves_the_cell_itself_alone(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, STEPS))
        ran = await command(window, "runAbove", {"uri": uri, "line": 17})
        assert [c["name"] for c in ran["cells"]] == ["export-target", "echo-to"]
        with pytest.raises(JsonRpcException, match="no cell to run above"):
            await command(window, "runAbove", {"uri": uri, "line": 5})


async def test_the_last_position_stands_in_for_arguments(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, STEPS))
        await window.hover(uri, 11)
        assert (await command(window, "runCell"))["name"] == "echo-to"


async def test_values_of_variables_come_with_the_command(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, STEPS))
        await command(window, "runCell", {"uri": uri, "line": 11, "vars": {"TARGET": "a b"}})
        assert (await command(window, "showOutput", {"uri": uri, "line": 11}))["text"].startswith("to a b\n")
        for wrong in ({"A B": "x"}, {"A": 1}, ["A"]):
            with pytest.raises(JsonRpcException, match="vars"):
                await command(window, "runCell", {"uri": uri, "line": 11, "vars": wrong})


async def test_a_selection_runs_and_teaches_nothing(tmp_path: Path) -> None:
    text = "Do it\n\n- here\n\n  ```sh\n  echo one\n  echo two; echo three\n  ```\n"
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, text))
        where = {"start": {"line": 5, "character": 2}, "end": {"line": 6, "character": 10}}
        ran = await command(window, "runSelection", {"uri": uri, "range": where})
        assert ran["receipt"].startswith("not learned")
        assert (await command(window, "showOutput", {"uri": uri, "line": 5}))["text"] == "one\ntwo\n"
        await command(window, "runSelection", {"uri": uri, "line": 6})
        assert (await command(window, "showOutput", {"uri": uri, "line": 5}))["text"] == "two\nthree\n"
        with pytest.raises(JsonRpcException, match="LSP range"):
            await command(window, "runSelection", {"uri": uri, "range": "all"})


async def test_a_command_line_for_the_terminal(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, STEPS))
        told = await command(window, "runInTerminal", {"uri": uri, "line": 5})
        assert told["command"] == f"runbook-ls run {tmp_path / 'a.md'} export-target"


@asynccontextmanager
async def notified(folder: Path) -> AsyncIterator[tuple[Editor, list[tuple[str, Any]]]]:
    """An editor that asks to see cells run, and what it was told."""
    async with editor(folder, capabilities=RICH) as window:
        seen: list[tuple[str, Any]] = []
        for name in ("cellStarted", "cellOutput", "cellFinished"):
            window.client.feature(f"runbook/{name}")(lambda params, name=name: seen.append((name, params)))
        yield window, seen


async def test_a_client_that_asks_sees_cells_as_they_run(tmp_path: Path) -> None:
    async with notified(tmp_path) as (window, seen):
        uri = window.open(write(tmp_path, STEPS))
        first = await command(window, "runCell", {"uri": uri, "line": 5})
        answer = await command(window, "runCell", {"uri": uri, "line": 11})
        await command(window, "showOutput", {"uri": uri, "line": 11})
        assert [name for name, _ in seen[:2]] == ["cellStarted", "cellFinished"]
        started, *output, finished = [params for _, params in seen[2:]]
        assert started.uri == uri
        assert (started.cell.name, started.cell.line) == ("echo-to", 10)
        assert started.cell.key
        assert started.executionId == finished.executionId == answer["executionId"] != first["executionId"]
        printed = {
            stream: "".join(o.text for o in output if o.stream == stream) for stream in ("stdout", "stderr")
        }
        assert printed == {"stdout": "to shop\n", "stderr": "aside\n"}
        assert (finished.exitCode, finished.receipt) == (0, answer["receipt"])
        assert finished.durationMs >= 0
        assert [Path(d.uri).suffix for d in window.client.shown_documents] == [".txt"]
        # The key is the cell's as long as the document is open, wherever it moves.
        window._change(uri, types.Range(types.Position(0, 0), types.Position(0, 0)), "\n\n")
        await command(window, "runCell", {"uri": uri, "line": 13})
        again = next(p for n, p in reversed(seen) if n == "cellStarted")
        assert (again.cell.key, again.cell.line) == (started.cell.key, 12)


@pytest.mark.parametrize(
    ("attributes", "outcome"), [("timeout=50ms", "timed out"), ("cwd=nowhere", "not started"), ("", "exit 3")]
)
async def test_a_client_is_told_in_words_how_a_cell_ended(
    tmp_path: Path, attributes: str, outcome: str
) -> None:
    body = "exit 3" if outcome == "exit 3" else "sleep 1000"
    async with notified(tmp_path) as (window, seen):
        uri = window.open(write(tmp_path, f"Do\n\n```sh {{name=c {attributes}}}\n{body}\n```\n"))
        with suppress(JsonRpcException):  # of the one that could not start
            await command(window, "runCell", {"uri": uri, "line": 3})
        assert [params.outcome for name, params in seen if name == "cellFinished"] == [outcome]


async def test_a_flood_of_output_is_cut_in_the_middle(tmp_path: Path) -> None:
    async with notified(tmp_path) as (window, seen):
        uri = window.open(write(tmp_path, "Flood\n\n```sh\nseq 1 300000\n```\n"))
        await command(window, "runCell", {"uri": uri, "line": 3})
        text = "".join(p.text for n, p in seen if n == "cellOutput")
        assert text.startswith("1\n2\n")
        assert text.endswith("\n300000\n")


async def test_output_is_written_into_the_document_if_asked(tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2" * 9
    async with editor(tmp_path, settings={"output": "document"}) as window:
        uri = window.open(write(tmp_path, f"Say\n\n```sh\necho one; echo {secret}\n```\n\nEnd\n"))
        await command(window, "runCell", {"uri": uri, "line": 3})
        block = "\n```output\none\n«redacted:github-token»\n```\n"
        assert window.buffers[uri].count(block) == 1
        window.replace(uri, "echo one", "echo two")
        await command(window, "runCell", {"uri": uri, "line": 3})
        assert block.replace("one", "two") in window.buffers[uri]
        assert window.buffers[uri].count("```output") == 1


async def test_what_a_cell_says_makes_no_link_and_no_image(tmp_path: Path) -> None:
    """A link in a question would show its label alone, and an image in a hover would be fetched."""
    text = "Clean\n\n```sh\nrm -rf keep # [more](command:x)\n```\n\n```sh\n$y'`![x](https://e/p.png)'\n```\n"
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, text))
        await command(window, "runCell", {"uri": uri, "line": 3})
        assert "[more]\u2060(command:x)" in window.questions[0].message
        params = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(7, 0))
        hover = await window.client.text_document_hover_async(params)
        assert isinstance(hover.contents, types.MarkupContent)
        assert "!\\[x\\](https://e/p.png)" in hover.contents.value


async def test_a_runbook_that_was_never_saved_runs_in_the_workspace(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        for uri in ("untitled:Untitled-1", "untitled:/not/there.md"):
            document = types.TextDocumentItem(uri, "markdown", 1, "Where\n\n```sh\npwd > here\n```\n")
            window.client.text_document_did_open(types.DidOpenTextDocumentParams(document))
            await command(window, "runCell", {"uri": uri, "line": 3})
            assert (tmp_path / "here").read_text() == f"{tmp_path}\n"
            (tmp_path / "here").unlink()


async def test_a_secret_input_is_not_written_into_the_document(tmp_path: Path) -> None:
    text = "---\ninputs: [{name: PIN, secret: true}]\n---\n\nSay\n\n```sh\necho pin $PIN\n```\n"
    async with editor(tmp_path, settings={"output": "document"}) as window:
        uri = window.open(write(tmp_path, text))
        await command(window, "runCell", {"uri": uri, "line": 7, "vars": {"PIN": "plain-words"}})
        assert "pin «redacted:input»" in window.buffers[uri]
        assert "plain-words" not in window.buffers[uri]


async def test_an_exact_text_is_allowed_until_the_window_closes(tmp_path: Path) -> None:
    text = "Clean\n\n```sh\nrm -rf keep\n```\n"
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, text))
        window.answer = "Run, and allow this exact text until the window closes"
        assert (await command(window, "runCell", {"uri": uri, "line": 3}))["exitCode"] == 0
        window.answer = None
        assert (await command(window, "runCell", {"uri": uri, "line": 3}))["exitCode"] == 0
        assert len(window.questions) == 1
        window.replace(uri, "rm -rf keep", "rm -rf keep2")
        assert (await command(window, "runCell", {"uri": uri, "line": 3}))["exitCode"] is None
        assert len(window.questions) == 2


async def test_a_client_that_never_answers_is_not_asked(tmp_path: Path) -> None:
    async with editor(tmp_path, settings={"asks": False}) as window:
        uri = window.open(write(tmp_path, "Clean\n\n```sh\nrm -rf keep\n```\n"))
        with pytest.raises(JsonRpcException, match=r"Not run: .*cannot ask you.*runbook-ls run .* rm-rf"):
            await command(window, "runCell", {"uri": uri, "line": 3})
        assert window.questions == []
        assert "cannot ask you" in window.client.messages[-1].message


async def test_what_a_client_chooses_by_itself_is_not_to_run(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, "Clean\n\n```sh\nrm -rf keep\n```\n"))
        await command(window, "runCell", {"uri": uri, "line": 3})
        assert next(iter(window.questions[0].actions or ())).title == "Cancel"


async def test_whether_a_model_is_asked_is_told_to_clients_that_show_it(tmp_path: Path) -> None:
    shows = types.ClientCapabilities(experimental={"runbook": {"model": True}})
    async with editor(tmp_path, capabilities=shows, environment={"RUNBOOK_LS_LLM": ""}) as window:
        told: asyncio.Queue[Any] = asyncio.Queue()
        window.client.feature("runbook/model")(lambda params: told.put_nowait(params))
        for when in ("always", "never"):
            settings = {"runbook-ls": {"suggest.llm": when, "llm.model": "small"}}
            window.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings))
            while (last := await told.get()).asked != when:
                pass
            assert last.name == ("small" if when == "always" else "")


async def test_a_refusal_runs_nothing_at_all(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        uri = window.open(write(tmp_path, "A\n\n```sh\ntouch a\n```\n\nB\n\n```sh\nrm -rf b\n```\n"))
        ran = await command(window, "runAll", {"uri": uri})
        assert ran["exitCode"] is None
        assert not (tmp_path / "a").exists()


async def test_a_run_that_waits_for_an_answer_can_be_cancelled(tmp_path: Path) -> None:
    async with editor(tmp_path) as window:
        asked = asyncio.Event()

        async def never(_: types.ShowMessageRequestParams) -> None:
            asked.set()
            await asyncio.Event().wait()

        window.client.protocol.fm.features[types.WINDOW_SHOW_MESSAGE_REQUEST] = never
        uri = window.open(write(tmp_path, "B\n\n```sh\nrm -rf b\n```\n"))
        running = asyncio.ensure_future(command(window, "runCell", {"uri": uri, "line": 3}))
        await asked.wait()
        assert (await command(window, "cancel", {"uri": uri})) == {"cancelled": ["rm-rf"]}
        assert (await running)["exitCode"] is None
