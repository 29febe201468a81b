"""The language server: wires the features to one session. Each feature is a file of `features/`."""

from __future__ import annotations

import asyncio
import contextvars
import importlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from logging.handlers import RotatingFileHandler
from typing import Any, ParamSpec, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from runbook_ls import __version__
from runbook_ls.config import paths
from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.protocol import RunbookProtocol
from runbook_ls.values import RunbookError
from runbook_ls.workbench.session import OpenDocument, Session

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

FEATURES = (
    "lifecycle",
    "documents",
    "completion",
    "code_actions",
    "code_lenses",
    "hover",
    "generate",
    "run",
)


class RunbookServer(LanguageServer):
    """The server of one editor. `session` is there from `initialize` on.

    Nothing slow runs on the event loop: `background` is for recall and processes, `ledger` (one thread, so in
    order) for the journal.
    """

    session: Session

    def __init__(self) -> None:
        # Two threads for pygls: one of them reads stdin. Our own work has its own threads, so that it can never
        # keep the reader waiting.
        super().__init__("runbook-ls", __version__, protocol_cls=RunbookProtocol, max_workers=2)
        self.background = ThreadPoolExecutor(8, thread_name_prefix="work")
        self.ledger = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self.last_position: tuple[str, int] | None = None

    def off_loop(
        self, pool: ThreadPoolExecutor, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> asyncio.Future[R]:
        """Run `function` on a thread of `pool`; await the result."""
        context = contextvars.copy_context()
        return asyncio.get_running_loop().run_in_executor(
            pool, lambda: context.run(function, *args, **kwargs)
        )

    def document(self, uri: str) -> OpenDocument:
        """The open document; RunbookError if the client never opened it."""
        document = self.session.documents.get(uri)
        if document is None:
            raise RunbookError(f"{uri} is not open: open it in the editor first.")
        return document

    @property
    def encoding(self) -> str:
        """What the client counts columns in: `utf-8`, `utf-16` or `utf-32`."""
        encoding = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        return encoding.value if isinstance(encoding, types.PositionEncodingKind) else str(encoding)

    def columns(self, document: OpenDocument) -> Columns:
        """The client's units for this version of the document."""
        return Columns(document.lines, self.encoding)

    def say(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Show one sentence to the user."""
        self.window_show_message(types.ShowMessageParams(kind, text))

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ANN401
        """To the log; what the user can act on is also shown. Never a traceback, never document text."""
        if isinstance(error, RunbookError):
            self.say(str(error), types.MessageType.Error)
        else:
            logger.error("%s: %s", getattr(source, "__name__", source), type(error).__name__, exc_info=error)


def build() -> RunbookServer:
    """A server with every feature registered."""
    server = RunbookServer()
    for name in FEATURES:
        importlib.import_module(f"runbook_ls.lsp.features.{name}").register(server)
    return server


def serve() -> None:
    """Serve on stdin and stdout until the client ends."""
    _log_to_file()
    build().start_io()


def _log_to_file() -> None:
    """Warnings and errors to a file with rotation; stderr belongs to the editor's own log. pygls logs whole
    messages at INFO, so it never gets below WARNING."""
    logging.getLogger("pygls").setLevel(logging.ERROR)
    handler: logging.Handler
    try:
        file = paths.find().log
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)
    except OSError:
        handler = logging.NullHandler()
    logging.basicConfig(
        level=logging.WARNING, handlers=[handler], format="%(asctime)s %(levelname)s %(message)s"
    )
