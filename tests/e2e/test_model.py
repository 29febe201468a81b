"""*Generate command* with a model, in an editor: filled, taken back, superseded, and what a failing model does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from runbook_ls.config import paths
from runbook_ls.memory.journal import Journal

from ..model_server import Model, begins_and_hangs, hangs, says, serving, status
from .editor import Editor, editor

RUNBOOK = "List the files\n\n```sh\n```\n\nCount the files\n\n```sh\n```\n"


@pytest.fixture
def server() -> Iterator[Model]:
    with serving() as model:
        yield model


@asynccontextmanager
async def window(
    folder: Path, server: Model, capabilities: str = "neovim"
) -> AsyncIterator[tuple[Editor, str]]:
    (folder / "a.md").write_text(RUNBOOK)
    settings = {"llm.endpoint": server.url, "memory.embedder": "hashing", "memory.learn_workspace": False}
    environment = {"RUNBOOK_LS_LLM": "fallback"}
    async with editor(
        folder, capabilities=capabilities, settings=settings, environment=environment
    ) as opened:
        yield opened, opened.open(folder / "a.md")


def generate(here: Editor, uri: str, line: int) -> asyncio.Future[object]:
    params = types.ExecuteCommandParams("runbook.generate", arguments=[{"uri": uri, "line": line}])
    return asyncio.wrap_future(here.client.protocol.send_request("workspace/executeCommand", params))


async def happened(event: object) -> None:
    assert await asyncio.to_thread(event.wait, 30)  # type: ignore[attr-defined]


async def test_a_model_fills_the_cell_and_its_outcome_is_kept(tmp_path: Path, server: Model) -> None:
    server.replies = [says("Sure:\n```sh\nls -l\n```\nThat lists them.")]
    async with window(tmp_path, server) as (here, uri):
        await here.act(uri, 2, "Generate command")
        assert here.buffers[uri] == RUNBOOK.replace("```sh\n```", "```sh\nls -l\n```", 1)
        answer = await here.act(uri, 2, "Run cell")
        assert answer["receipt"] == "confirmed"  # type: ignore[index]
    with Journal.open(paths.find().journal) as journal:
        (run,) = journal.runs()
        stored = journal.suggestion(run.suggestion_id or "")
    assert stored is not None
    assert (stored.generator, stored.text) == ("llm", "ls -l")


async def test_a_newer_request_takes_the_older_one_back(tmp_path: Path, server: Model) -> None:
    server.replies = [begins_and_hangs, says("```sh\nls | wc -l\n```")]
    async with window(tmp_path, server) as (here, uri):
        older = generate(here, uri, 2)
        await happened(server.asked)
        newer = generate(here, uri, 7)
        with pytest.raises(JsonRpcException, match="newer request took its place"):
            await older
        await happened(server.left)
        await newer
        assert here.buffers[uri] == RUNBOOK.replace(
            "Count the files\n\n```sh\n", "Count the files\n\n```sh\nls | wc -l\n"
        )


async def test_a_cancelled_request_closes_the_connection(tmp_path: Path, server: Model) -> None:
    server.replies = [hangs]
    async with window(tmp_path, server, "visual_studio_code") as (here, uri):
        params = types.ExecuteCommandParams("runbook.generate", arguments=[{"uri": uri, "line": 2}])
        asked = here.client.protocol.send_request("workspace/executeCommand", params, msg_id="the-question")
        await happened(server.asked)
        await here.until(uri, lambda: any(isinstance(p, types.WorkDoneProgressBegin) for p in here.progress))
        here.client.protocol.notify("$/cancelRequest", types.CancelParams("the-question"))
        with pytest.raises(JsonRpcException):
            await asyncio.wrap_future(asked)
        await happened(server.left)
        assert here.buffers[uri] == RUNBOOK
        assert await here.lenses(uri)


async def test_a_failing_model_is_told_once_and_the_server_goes_on(tmp_path: Path, server: Model) -> None:
    server.replies = [status(404)]
    async with window(tmp_path, server) as (here, uri):
        await here.act(uri, 2, "Generate command")
        (message,) = here.messages
        assert 'does not know the model "gpt-5.4-mini" (404): check llm.model' in message
        assert here.buffers[uri] == RUNBOOK
        server.replies = [says("```sh\nls\n```")]
        await here.act(uri, 2, "Generate command")
        assert "```sh\nls\n```" in here.buffers[uri]


async def test_a_failed_command_is_fixed_and_the_fix_is_kept(tmp_path: Path, server: Model) -> None:
    server.replies = [says("```sh\nls notes.txt\n```")]
    async with window(tmp_path, server) as (here, uri):
        (tmp_path / "notes.txt").touch()
        here.type_into_cell(uri, 2, "ls note.txt")
        assert "Fix command" not in [action.title for action in await here.actions(uri, 3)]
        await here.act(uri, 3, "Run cell")
        await here.act(uri, 3, "Fix command")
        assert here.buffers[uri] == RUNBOOK.replace("```sh\n```", "```sh\nls notes.txt\n```", 1)
        answer = await here.act(uri, 3, "Run cell")
        assert answer["receipt"] == "confirmed"  # type: ignore[index]

        # The same failure elsewhere is repaired by what repaired it here: no model is asked.
        here.type_into_cell(uri, here.line_of(uri, "```sh", after=5), "ls note.txt -l")
        line = here.line_of(uri, "ls note.txt -l")
        await here.act(uri, line, "Run cell")
        await here.act(uri, line, "Fix command")
        assert "```sh\nls notes.txt -l\n```" in here.buffers[uri]
    (request,) = server.requests
    assert "ls note.txt" in request.text
    assert "failed with exit 2" in request.text
    assert "No such file" in request.text
    with Journal.open(paths.find().journal) as journal:
        stored = journal.suggestion(journal.runs()[1].suggestion_id or "")
    assert stored is not None
    assert (stored.generator, stored.text) == ("llm", "ls notes.txt")


async def test_a_secret_input_stays_here_when_a_failure_is_mended(tmp_path: Path, server: Model) -> None:
    server.replies = [says("```sh\nls notes.txt\n```")]
    async with window(tmp_path, server) as (here, uri):
        head = "---\ninputs: [{name: PIN, secret: true}]\n---\n\n"
        here.replace(uri, here.buffers[uri], head + here.buffers[uri])
        line = here.line_of(uri, "```sh")
        here.type_into_cell(uri, line, "ls /no/$PIN")
        run = {"uri": uri, "line": line, "vars": {"PIN": "plain-words"}}
        await here.client.workspace_execute_command_async(
            types.ExecuteCommandParams("runbook.runCell", [run])
        )
        await here.act(uri, line, "Fix command")
    (request,) = server.requests
    assert "/no/«redacted:input»" in request.text
    assert "plain-words" not in request.text
