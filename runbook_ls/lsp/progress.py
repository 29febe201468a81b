"""A progress bar with a cancel button, where the client has such; nothing where it has not."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from runbook_ls.lsp.protocol import client_token
from runbook_ls.lsp.server import RunbookServer

_WORTH_SHOWING_SECONDS = 0.4

Report = Callable[[str], None]


@asynccontextmanager
async def progress(server: RunbookServer, title: str, cancel: Callable[[], object]) -> AsyncIterator[Report]:
    """Show `title` while the block runs, unless it is over at once. `cancel` is called when the user says so; the
    block gets a function that changes the message."""
    bar = _Bar(server, title, cancel)
    showing = asyncio.ensure_future(bar.show())
    try:
        yield bar.report
    finally:
        showing.cancel()
        bar.end()


async def new_token(server: RunbookServer) -> str | None:
    """A token for a progress bar; None where the client has none, or makes none."""
    if not server.can("window.work_done_progress"):
        return None
    token = str(uuid.uuid4())
    try:
        await server.work_done_progress.create_async(token)
    except JsonRpcException:  # nothing may be told with a token that was refused
        return None
    return token


class _Bar:
    def __init__(self, server: RunbookServer, title: str, cancel: Callable[[], object]) -> None:
        self._server = server
        self._title = title
        self._cancel = cancel
        self._token: str | int | None = None
        self._message = ""

    async def show(self) -> None:
        works = self._server.work_done_progress
        token = client_token.get()
        if token is None:
            await asyncio.sleep(_WORTH_SHOWING_SECONDS)
            token = await new_token(self._server)
            if token is None:
                return
        begin = types.WorkDoneProgressBegin(self._title, cancellable=True, message=self._message or None)
        works.begin(token, begin)
        self._token = token
        works.tokens[token].add_done_callback(lambda done: done.cancelled() and self._cancel())

    def report(self, message: str) -> None:
        self._message = message
        if self._token is not None:
            self._server.work_done_progress.report(self._token, types.WorkDoneProgressReport(message=message))

    def end(self) -> None:
        if self._token is not None:
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
            self._server.work_done_progress.tokens.pop(self._token, None)
