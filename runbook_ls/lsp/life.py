"""The life of the server's process: its pipes, its log, signals, its editor's process, its end."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import select
import signal
import sys
import threading
import time
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, BinaryIO, NoReturn

if TYPE_CHECKING:
    from runbook_ls.lsp.server import RunbookServer

_YOUNG = 10_000  # objects made before the collector looks: most go by themselves, few in circles
_PATIENCE_SECONDS = 5.0  # for cells to end, when the server has to
_PARENT_SECONDS = 3.0  # how often one looks whether the editor lives, where one cannot wait for its end


def serve() -> NoReturn:
    """Serve on stdin and stdout until the client ends, its pipe closes, or a signal comes.

    The exit code is the specification's: 0 after `shutdown`, else 1; 128 + n for a signal.
    """
    gc.set_threshold(_YOUNG)
    _log_to_file()
    from pygls.io_ import StdoutWriter

    from runbook_ls.lsp.server import RunbookServer

    server = RunbookServer()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: end(server, 128 + number))
    if sys.stdin.isatty():  # somebody wants to see what it does: nothing, and for ever
        sys.stderr.write("runbook-ls: waiting for an editor to speak on stdin; Ctrl-C ends it.\n")
    stdin, stdout = _take_over_pipes()
    server.protocol.set_writer(StdoutWriter(stdout))
    with suppress(BrokenPipeError, KeyboardInterrupt):
        asyncio.run(server.protocol.serve(stdin))
    end(server, 0 if server.protocol.was_shut_down else 1)


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the client, for us alone: what else reads stdin gets nothing, and what else prints goes to stderr,
    so that neither a library nor a child process can break the protocol."""
    stdin, stdout = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(stdin, "rb"), os.fdopen(stdout, "wb")


def end(server: RunbookServer, code: int) -> NoReturn:
    """End running cells and this process. A thread that still reads stdin would keep a normal exit waiting."""
    hurry = threading.Timer(_PATIENCE_SECONDS, os._exit, (code,))
    hurry.daemon = True
    hurry.start()
    if hasattr(server, "session"):
        server.session.close()
    logging.shutdown()
    os._exit(code)


def _log_to_file() -> None:
    """Warnings and errors to a file with rotation; stderr belongs to the editor's own log. pygls logs whole
    messages, at ERROR those that do not fit the protocol: nothing of it is kept."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    from runbook_ls.config import paths
    from runbook_ls.values import RunbookError

    handler: logging.Handler
    try:
        file = paths.find().log
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True)
    except (OSError, RunbookError):
        handler = logging.NullHandler()
    logging.basicConfig(
        level=logging.WARNING, handlers=[handler], format="%(asctime)s %(levelname)s %(message)s"
    )


def watch_parent(server: RunbookServer, process: int | None) -> None:
    """End when the editor's process is gone; its pipe may be held open by others."""
    if process is None or not _is_alive(process):
        return  # a number of another machine or container says nothing here
    try:
        descriptor = os.pidfd_open(process)  # at once: an editor may end before a thread begins
    except (AttributeError, OSError):  # not Linux, or an old one
        descriptor = None
    threading.Thread(target=_end_with, args=(server, process, descriptor), name="parent", daemon=True).start()


def _end_with(server: RunbookServer, process: int, descriptor: int | None) -> None:
    """Wait for the end of the editor, then end. Never our child, so it can only be watched."""
    if descriptor is not None:
        select.select([descriptor], [], [])
    else:
        while _is_alive(process):
            time.sleep(_PARENT_SECONDS)
    end(server, 1)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
