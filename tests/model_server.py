"""A model for tests: a local HTTP server that speaks the OpenAI protocol, with scripted answers and faults.

model.replies = [says("```sh\\nls\\n```")]     # the last one is repeated
model.requests[0].text                        # all that was sent
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Handler"], None]


@dataclass(frozen=True)
class Request:
    """What the server got: the path with its query, the headers in lower case, the JSON."""

    path: str
    headers: Mapping[str, str]
    json: Any
    raw: str

    @property
    def text(self) -> str:
        """All that the messages say."""
        return "\n".join(message["content"] for message in self.json["messages"])


class Handler(BaseHTTPRequestHandler):
    server: Model
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        model = self.server
        with model.lock:
            model.requests.append(Request(self.path, headers, json.loads(raw), raw))
            reply = model.replies.pop(0) if len(model.replies) > 1 else model.replies[0]
        self.close_connection = True
        model.asked.set()
        try:
            reply(self)
        except OSError:
            self.client_left()

    def begin(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("connection", "close")
        self.end_headers()

    def event(self, data: object) -> None:
        self.write(f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n")

    def write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()

    def wait_for_the_client_to_leave(self) -> None:
        self.connection.settimeout(60)
        try:
            while self.connection.recv(4096):
                pass
        except OSError:
            pass
        self.client_left()

    def client_left(self) -> None:
        self.server.left_at = time.monotonic()
        self.server.left.set()

    def log_message(self, *_: object) -> None:
        pass


class Model(ThreadingHTTPServer):
    """The server. `left` is set when a client closed the connection of an unfinished answer, at `left_at`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.replies: list[Reply] = [says("```sh\nls\n```")]
        self.requests: list[Request] = []
        self.asked = threading.Event()
        self.left = threading.Event()
        self.left_at = 0.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, *_: object) -> None:
        pass  # clients that hang up are what is tested


@contextmanager
def serving() -> Iterator[Model]:
    model = Model()
    thread = threading.Thread(target=model.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield model
    finally:
        model.shutdown()
        thread.join()
        model.server_close()


def chunk(**delta: object) -> dict[str, object]:
    finish = delta.pop("finish_reason", None)
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "test",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


def says(text: str, finish: str = "stop", *, pieces: int = 7, usage: tuple[int, int] = (100, 10)) -> Reply:
    """Stream `text` in small pieces."""

    def reply(handler: Handler) -> None:
        handler.begin()
        handler.event(chunk(role="assistant", content=""))
        size = max(1, len(text) // pieces)
        for start in range(0, len(text), size):
            handler.event(chunk(content=text[start : start + size]))
        handler.event(chunk(finish_reason=finish))
        counts = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
        handler.event({**chunk(), "choices": [], "usage": counts})
        handler.event("[DONE]")

    return reply


def events(*data: object) -> Reply:
    """Stream these events, whatever they are, and end."""

    def reply(handler: Handler) -> None:
        handler.begin()
        for one in data:
            handler.event(one)

    return reply


def status(code: int, message: str = "no", error_code: str | None = None, **headers: str) -> Reply:
    def reply(handler: Handler) -> None:
        handler.begin(code, "application/json", **headers)
        handler.write(json.dumps({"error": {"message": message, "code": error_code, "type": "x"}}))

    return reply


def body(text: str, kind: str = "application/json") -> Reply:
    """A whole answer that is no stream."""

    def reply(handler: Handler) -> None:
        handler.begin(200, kind)
        handler.write(text)

    return reply


def hangs(handler: Handler) -> None:
    """No answer at all, until the client leaves."""
    handler.wait_for_the_client_to_leave()


def begins_and_hangs(handler: Handler) -> None:
    """The beginning of an answer, then nothing until the client leaves."""
    handler.begin()
    handler.event(chunk(content="```sh\nls"))
    handler.wait_for_the_client_to_leave()


def resets(handler: Handler) -> None:
    """The beginning of an answer, then a connection reset."""
    handler.begin()
    handler.event(chunk(content="```sh\nls"))
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()
