"""Asking for a suggestion from the event loop: off it, one question a document, and taken back when nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

from lsprotocol import types

from runbook_ls.lsp.progress import new_token
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.suggest.endpoint import Cancellation, TakenBackError
from runbook_ls.values import RunbookError
from runbook_ls.workbench.suggest import Answer

Work = Callable[[Cancellation, Callable[[], None]], Answer]
"""What is done on a thread: it is given the cancellation to obey, and what to call before it asks a model."""


async def ask(server: RunbookServer, uri: str, work: Work) -> Answer:
    """Do `work` on a thread and wait for its answer.

    A newer question about the same document takes the older one back (RunbookError for who asked that), and so do
    `$/cancelRequest` and the progress bar's cancel: the model's connection is then closed at once.
    """
    cancel = Cancellation()
    before = server.questions.get(uri)
    if before is not None:
        before.set()
    server.questions[uri] = cancel
    loop = asyncio.get_running_loop()
    bar = _Bar(server, cancel)
    try:
        return await server.off_loop(
            server.background, work, cancel, lambda: _soon(loop, lambda: server.start(bar.show()))
        )
    except asyncio.CancelledError:
        cancel.set()
        raise
    except TakenBackError:
        raise RunbookError("Not generated: a newer request took its place, or you cancelled it.") from None
    finally:
        bar.close()
        if server.questions.get(uri) is cancel:
            del server.questions[uri]


def _soon(loop: asyncio.AbstractEventLoop, do: Callable[[], object]) -> None:
    loop.call_soon_threadsafe(do)


class _Bar:
    """A progress bar while a model is asked, where the client has bars."""

    def __init__(self, server: RunbookServer, cancel: Cancellation) -> None:
        self._server = server
        self._cancel = cancel
        self._token = ""
        self._closed = False

    async def show(self) -> None:
        token = None if self._closed else await new_token(self._server)
        if token is None or self._closed:
            return
        progress = self._server.work_done_progress
        self._token = token
        model = self._server.session.settings.llm_model
        progress.begin(token, types.WorkDoneProgressBegin(f"Asking {model}", cancellable=True))
        progress.tokens[token].add_done_callback(self._done)

    def _done(self, token: Future[object]) -> None:
        if token.cancelled():
            self._cancel.set()

    def close(self) -> None:
        self._closed = True
        if self._token:
            self._server.work_done_progress.end(self._token, types.WorkDoneProgressEnd())
