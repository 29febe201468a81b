"""Bytes in, messages out: the loop that reads what the client sends, whatever it is.

What pygls' own loop does otherwise: a header in lower case hangs it; what is no JSON, no message or far too long is
not answered; and each line read is a trip through the thread pool that its handlers use.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from collections.abc import Callable
from typing import BinaryIO

LONGEST = 256 * 1024 * 1024  # bytes of one message; a longer one is passed over
_LONGEST_HEADER = 8 * 1024
_WAITING_AT_MOST = 4_096  # messages; the client then waits for its pipe


class MalformedError(Exception):
    """What was read is no message. `code` is JSON-RPC's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


PARSE_ERROR, INVALID_REQUEST = -32700, -32600


def read_message(stream: BinaryIO) -> object:
    """The next message as JSON has it; None at the end of the stream. Raises MalformedError, after which one may read on."""
    length = _read_headers(stream)
    if length is None:
        return None
    if length > LONGEST:
        while length > 0 and (part := stream.read(min(length, 1 << 20))):
            length -= len(part)
        raise MalformedError(INVALID_REQUEST, f"The message is longer than {LONGEST:,} bytes.")
    body = stream.read(length)
    if len(body) < length:
        return None
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedError(PARSE_ERROR, "The message is no JSON.") from None
    if not isinstance(message, dict):
        raise MalformedError(INVALID_REQUEST, "The message is no JSON object.")
    return message


def _read_headers(stream: BinaryIO) -> int | None:
    """The length that the headers say, in bytes; None at the end of the stream."""
    length = None
    wrong = False
    while True:
        line = stream.readline(_LONGEST_HEADER)
        if not line:
            return None
        if not line.strip():
            if length is None and not wrong:
                continue  # blank lines between messages hurt nobody
            break
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value) if value.strip().isdigit() and len(value) < 20 else None
        wrong = wrong or length is None
    if length is None:
        raise MalformedError(PARSE_ERROR, "The message has no Content-Length.")
    return length


class Inbox:
    """What was read and not handled yet. One thread reads; the loop handles all that is there in one go, in order."""

    def __init__(self, stream: BinaryIO, handle: Callable[[object], None], end: Callable[[], None]) -> None:
        self._stream = stream
        self._handle = handle
        self._end = end
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[object] = deque()
        self._room = threading.Semaphore(_WAITING_AT_MOST)
        self.cancelled: set[str | int] = set()  # requests that the client took back before they were handled
        threading.Thread(target=self._read, name="reader", daemon=True).start()

    def _read(self) -> None:
        message: object = ""
        while message is not None:
            try:
                message = read_message(self._stream)
            except MalformedError as error:
                message = error
            except (OSError, ValueError):  # the stream was closed
                message = None
            self._note_cancelled(message)
            self._room.acquire()
            self._waiting.append(message)
            try:
                self._loop.call_soon_threadsafe(self._drain)
            except RuntimeError:  # the loop is closed
                return

    def _note_cancelled(self, message: object) -> None:
        if isinstance(message, dict) and message.get("method") == "$/cancelRequest":
            params = message.get("params")
            number = params.get("id") if isinstance(params, dict) else None
            if isinstance(number, str | int) and len(self.cancelled) < _WAITING_AT_MOST:
                self.cancelled.add(number)

    def _drain(self) -> None:
        while self._waiting:
            message = self._waiting.popleft()
            self._room.release()
            if message is None:
                self._end()
            else:
                self._handle(message)
