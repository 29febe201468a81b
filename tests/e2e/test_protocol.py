"""What the specification says about messages, and that nothing a client sends ends the server."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .wire import Wire


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory, monkeypatch_module: None) -> Iterator[Wire]:
    """A server for the tests of this module."""
    folder = tmp_path_factory.mktemp("folder")
    server = Wire(folder)
    document = {
        "uri": "file:///a.md",
        "languageId": "markdown",
        "version": 1,
        "text": "A\n\n```sh\nls\n```\n",
    }
    server.send("textDocument/didOpen", None, {"textDocument": document})
    yield server
    assert server.close() == 0


@pytest.fixture(scope="module")
def monkeypatch_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("module-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNBOOK_LS_HOME", str(home))
        patch.setenv("HOME", str(home))
        yield


def test_before_initialize_and_after_shutdown(tmp_path: Path) -> None:
    server = Wire(tmp_path, initialize=False)
    server.send("textDocument/didOpen", None, {"nothing": "of this is read"})
    assert server.ask("textDocument/hover", {})["error"]["code"] == -32002
    assert server.ask("shutdown", None)["error"]["code"] == -32002
    assert server.ask("initialize", {"capabilities": 3})["error"]["code"] == -32602
    assert server.ask("initialize", server.params)["result"]["serverInfo"]["name"] == "runbook-ls"
    assert server.ask("initialize", server.params)["error"]["code"] == -32600
    assert server.ask("shutdown", None)["result"] is None
    assert server.ask("textDocument/hover", {})["error"]["code"] == -32600
    assert server.ask("shutdown", None)["error"]["code"] == -32600
    server.send("exit", None, None)
    assert server.process.wait(timeout=30) == 0
    server.process.communicate()


def test_exit_without_initialize_is_one(tmp_path: Path) -> None:
    server = Wire(tmp_path, initialize=False)
    server.send("exit", None, None)
    assert server.process.wait(timeout=30) == 1
    server.process.communicate()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"Content-Length: 3\r\n\r\n{\xff}", -32700),
        (b"Content-Length: 5\r\n\r\nhello", -32700),
        (b"Content-Length: 60000\r\n\r\n" + b"[" * 60000, -32700),
        (b"Content-Length: 2\r\n\r\n[]", -32600),
        (b"Content-Length: 4\r\n\r\nnull", -32600),
        (b"Content-Length: 2\r\n\r\n{}", -32600),
        (b"Content-Length: -2\r\n\r\n", -32700),
        (b"Content-Type: x\r\n\r\n", -32700),
        (b"rubbish\r\n\r\n", -32700),
    ],
)
def test_what_is_no_message_is_answered_with_null(wire: Wire, data: bytes, code: int) -> None:
    wire.raw(data)
    assert wire.answer(None)["error"]["code"] == code


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"jsonrpc": "1.0", "id": "a", "method": "x"}, -32600),
        ({"jsonrpc": "2.0", "id": "a", "method": 3}, -32600),
        ({"jsonrpc": "2.0", "id": "a", "method": "no/such"}, -32601),
        ({"jsonrpc": "2.0", "id": "a", "method": "$/no/such"}, -32601),
        ({"jsonrpc": "2.0", "id": "a", "method": "textDocument/hover"}, -32602),
        ({"jsonrpc": "2.0", "id": "a", "method": "textDocument/hover", "params": [1]}, -32602),
        ({"jsonrpc": "2.0", "id": "a", "method": "workspace/executeCommand", "params": {"command": "x"}}, -32602),
    ],
)  # fmt: skip
def test_bad_requests_get_the_code_of_the_specification(
    wire: Wire, message: dict[str, object], code: int
) -> None:
    wire.put(json.dumps(message).encode())
    answer = wire.answer("a")  # type: ignore[arg-type]
    assert answer["error"]["code"] == code
    assert "Traceback" not in answer["error"]["message"]


def test_headers_in_any_case_and_order(wire: Wire) -> None:
    body = b'{"jsonrpc": "2.0", "id": 77, "method": "no/such"}'
    wire.raw(b"content-type: application/vscode-jsonrpc\r\nCONTENT-LENGTH:%d\r\n\r\n" % len(body) + body)
    assert wire.answer(77)["error"]["code"] == -32601


def test_an_oversized_message_is_passed_over(wire: Wire) -> None:
    size = 256 * 1024 * 1024 + 1
    wire.raw(b"Content-Length: %d\r\n\r\n" % size)
    for _ in range(256):
        wire.raw(b" " * (1 << 20))
    wire.raw(b" ")
    assert wire.answer(None)["error"]["code"] == -32600


def test_notifications_that_make_no_sense_are_passed_over(wire: Wire) -> None:
    wire.notifications.clear()
    for method, params in (
        ("no/such", {}),
        ("$/no/such", 3),
        ("textDocument/didChange", {}),
        (
            "textDocument/didChange",
            {"textDocument": {"uri": "file:///b.md", "version": 1}, "contentChanges": []},
        ),
        ("textDocument/didClose", {"textDocument": {"uri": "file:///b.md"}}),
        ("textDocument/didOpen", None),
        ("$/cancelRequest", {"id": 99}),
        ("$/cancelRequest", {"id": {}}),
        ("workspace/didChangeConfiguration", {"settings": {"runbook-ls": 3}}),
    ):
        wire.send(method, None, params)
    wire.put(b'{"jsonrpc": "2.0", "id": "never asked", "result": 3}')
    wire.put(b'{"jsonrpc": "2.0", "id": "never asked", "error": 3}')
    assert "result" in wire.ask("textDocument/codeLens", {"textDocument": {"uri": "file:///a.md"}})
    assert not any("Traceback" in json.dumps(message) for message in wire.notifications)


def test_a_cancelled_request_is_answered_once(wire: Wire) -> None:
    place = {"textDocument": {"uri": "file:///a.md"}, "position": {"line": 3, "character": 0}}
    request = json.dumps(
        {"jsonrpc": "2.0", "id": 901, "method": "textDocument/hover", "params": place}
    ).encode()
    cancel = b'{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 901}}'
    wire.raw(b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(body), body) for body in (request, cancel)))
    wire.answer(901)
    wire.ask("textDocument/hover", place)
    assert not any(message.get("id") == 901 for message in wire.notifications)


def test_random_malformed_messages_never_end_the_server(wire: Wire) -> None:
    """For a second; for as many as RUNBOOK_LS_FUZZ_SECONDS says."""
    until = time.monotonic() + float(os.environ.get("RUNBOOK_LS_FUZZ_SECONDS", "1"))
    chance = random.Random(17)
    methods = ["textDocument/hover", "textDocument/didChange", "textDocument/completion", "textDocument/didOpen",
               "workspace/executeCommand", "textDocument/rename", "completionItem/resolve", "textDocument/diagnostic",
               "textDocument/inlayHint", "workspace/didChangeWorkspaceFolders", "initialize", "x"]  # fmt: skip
    values: list[object] = [None, True, -1, 10**30, 1.5, "", "file:///a.md", "file://\0", [], {}, [[]], "\ud800",
                            {"uri": "file:///a.md"}, {"line": -1, "character": 10**12}]  # fmt: skip
    keys = ["textDocument", "position", "range", "contentChanges", "uri", "line", "command", "arguments", "event",
            "text", "version", "context", "newName"]  # fmt: skip

    def anything(depth: int = 0) -> object:
        if depth > 3 or chance.random() < 0.4:
            return chance.choice(values)
        if chance.random() < 0.3:
            return [anything(depth + 1) for _ in range(chance.randrange(3))]
        return {chance.choice(keys): anything(depth + 1) for _ in range(chance.randrange(5))}

    number = 10_000
    while time.monotonic() < until:
        number += 1
        message: dict[str, object] = {
            "jsonrpc": "2.0",
            "method": chance.choice(methods),
            "params": anything(),
        }
        if chance.random() < 0.6:
            message["id"] = number
        body = json.dumps(message).encode()
        if chance.random() < 0.2:
            body = body[: chance.randrange(len(body))]
        wire.put(body)
        if number % 20 == 0:
            assert "error" in wire.ask("no/such", None)
    place = {"textDocument": {"uri": "file:///a.md"}}
    assert "result" in wire.ask("textDocument/foldingRange", place)
