"""Running one cell: its own session and process group, output as it comes, and nothing left behind.

The cell is a file (0600) in a private directory that is gone when the cell has ended; its standard input is
/dev/null. Cancelling, timing out and the end of this process reach every process of the cell's session.
"""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

from runbook_ls.execute import private, watchdog
from runbook_ls.execute.execution import Execution, OnOutput, Request, Stream
from runbook_ls.execute.output import Bounded, Cleaner
from runbook_ls.execute.output_file import OutputFile
from runbook_ls.execute.watchdog import GRACE_SECONDS
from runbook_ls.values import RunbookError

KEPT_CHARACTERS = 64 * 1024  # of each stream's head, and of its tail
_CHUNK = 1 << 18  # bytes: of a pipe where its size can be set, and of one reading
_LEFT_CHUNKS = 16  # more than a pipe holds
_LOOK_SECONDS = 0.05  # how often a running cell looks whether it is cancelled


def run(request: Request, on_output: OnOutput, cancel: threading.Event) -> Execution:
    """Run a cell to its end and return what happened. Blocks; call it from a thread of its own in a server.

    `on_output` gets cleaned text as it comes, from this thread, in the order in which the streams had something.
    Setting `cancel` ends the cell's session: TERM, and KILL after the grace. A background child that keeps the
    output open does not keep this call, and is not killed by its end.

    Raises RunbookError if the directory is missing, the program cannot be started, or a file cannot be written.
    """
    if not request.directory.is_dir():
        raise RunbookError(
            f"the directory {request.directory} of the cell does not exist; create it or change `cwd`"
        )
    name = (re.sub(r"[^\w.-]", "-", request.name) or "cell") + request.interpreter.suffix
    with _keeping(request) as keep, private.file(name, cell_bytes(request.body)) as cell_file:
        if request.terminal:
            return _run_joined(request, cell_file, cancel, keep)
        return _Run(request, _start(request, cell_file), on_output, cancel, keep).until_end()


def _run_joined(
    request: Request, cell_file: Path, cancel: threading.Event, keep: OutputFile | None
) -> Execution:
    """Run an interactive cell on this process's terminal; its output is shown there, not passed on."""
    from runbook_ls.execute.terminal import Joined

    command = [*request.interpreter.argv, str(cell_file), *request.arguments]
    joined = Joined(request, command, cancel, keep, KEPT_CHARACTERS)
    process = joined.until_end()
    lives_on = watchdog.lives(process.pid)
    if request.watched_by and not lives_on:
        request.watched_by.forget(process.pid)
    code = process.returncode
    return Execution(
        exit_code=code if code >= 0 else 128 - code,
        duration_ms=round((time.monotonic() - joined.begun) * 1000),
        stdout=joined.kept.text(),
        stderr="",
        truncated=joined.kept.truncated,
        ended_by=joined.ended_by,
        output_file=keep.path if keep else None,
        output_failed=keep.failed if keep else None,
        group=process.pid if lives_on else None,
    )


def cell_bytes(body: str) -> bytes:
    """The bytes of a cell file: the body in UTF-8 with a final line end. This is what consent shows and binds.

    Raises RunbookError if the body is no text (lone surrogates).
    """
    try:
        return (body if body.endswith("\n") else body + "\n").encode()
    except UnicodeEncodeError as error:
        raise RunbookError(
            f"the cell's character {error.start + 1} is half a surrogate pair, which no program can read; remove it"
        ) from error


@contextlib.contextmanager
def _keeping(request: Request) -> Iterator[OutputFile | None]:
    if request.output_file is None:
        yield None
        return
    keep = OutputFile(request.output_file, request.output_limit, request.redact)
    try:
        yield keep
    finally:
        keep.close()


def _start(request: Request, cell_file: Path) -> subprocess.Popen[bytes]:
    keeper = request.watched_by
    none: contextlib.AbstractContextManager[dict[str, str]] = contextlib.nullcontext({})
    try:
        with keeper.starting() if keeper else none as marked:
            process = subprocess.Popen(
                [*request.interpreter.argv, str(cell_file), *request.arguments],
                cwd=request.directory,
                env={**request.environment, **marked},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pipesize=_CHUNK,
                pass_fds=request.descriptors,
                start_new_session=True,
            )
            if keeper:
                keeper.watch(process.pid)
            return process
    except (OSError, ValueError) as error:  # ValueError: a NUL in a variable
        why = error.strerror if isinstance(error, OSError) else error
        raise RunbookError(
            f"cannot start {request.interpreter.program} in {request.directory}: {why}"
        ) from error


class _Run:
    """One process being watched: a selector waits for its output and its end, and looks at cancel in between."""

    def __init__(
        self,
        request: Request,
        process: subprocess.Popen[bytes],
        on_output: OnOutput,
        cancel: threading.Event,
        keep: OutputFile | None,
    ) -> None:
        self.request = request
        self.process = process
        self.on_output = on_output
        self.cancel = cancel
        self.keep = keep
        self.begun = time.monotonic()
        self.kept: dict[Stream, Bounded] = {s: Bounded(KEPT_CHARACTERS) for s in ("stdout", "stderr")}
        self.cleaners: dict[Stream, Cleaner] = {s: Cleaner() for s in ("stdout", "stderr")}
        self.selector = selectors.DefaultSelector()
        self.ended_by: Literal["cancel", "timeout"] | None = None
        self.kill_at: float | None = None

    def until_end(self) -> Execution:
        session = self.process.pid
        pipes: dict[Stream, IO[bytes]] = {}
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        pipes["stdout"], pipes["stderr"] = self.process.stdout, self.process.stderr
        try:
            with _end_of(self.process) as ended:
                self.selector.register(ended, selectors.EVENT_READ, None)
                for stream, pipe in pipes.items():
                    os.set_blocking(pipe.fileno(), False)
                    self.selector.register(pipe, selectors.EVENT_READ, stream)
                self._until_exit()
            self._take_what_is_left()
        finally:
            # Also where on_output raised: nothing of the cell may live on unseen.
            if self.ended_by:
                patience = 0.0 if self.kill_at is None else self.kill_at - time.monotonic()
                watchdog.kill_what_stays({session}, patience)
            elif self.process.poll() is None:
                watchdog.signal_session(session, signal.SIGKILL)
            self.process.wait()
            self.selector.close()
            lives_on = watchdog.lives(session)
            for pipe in pipes.values():
                if lives_on:
                    _swallow(pipe)
                else:
                    pipe.close()
            if self.request.watched_by and not lives_on:
                self.request.watched_by.forget(session)
        return self._result(session if lives_on else None)

    def _until_exit(self) -> None:
        while True:
            # The selector names what has something in the order in which it came.
            for key, _ in self.selector.select(self._patience()):
                if key.data is None:
                    return
                self._read(key.fileobj, key.data)  # type: ignore[arg-type]
            self._end_if_asked()

    def _patience(self) -> float:
        until = [_LOOK_SECONDS]
        now = time.monotonic()
        if self.request.timeout is not None and self.ended_by is None:
            until.append(self.begun + self.request.timeout - now)
        if self.kill_at is not None:
            until.append(self.kill_at - now)
        return max(0.0, min(until))

    def _end_if_asked(self) -> None:
        now = time.monotonic()
        if self.ended_by is None:
            if self.cancel.is_set():
                self.ended_by = "cancel"
            elif self.request.timeout is not None and now >= self.begun + self.request.timeout:
                self.ended_by = "timeout"
            if self.ended_by:
                watchdog.signal_session(self.process.pid, signal.SIGTERM)
                self.kill_at = now + self.request.grace
        elif self.kill_at is not None and now >= self.kill_at:
            watchdog.signal_session(self.process.pid, signal.SIGKILL)
            self.kill_at = None

    def _read(self, pipe: IO[bytes], stream: Stream) -> bool:
        """Take one chunk; False if there was none."""
        try:
            data = os.read(pipe.fileno(), _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self.selector.unregister(pipe)
            return False
        self._take(stream, self.cleaners[stream].feed(data))
        return True

    def _take_what_is_left(self) -> None:
        """What is in the pipes now. A background child may hold them open for ever, or fill them without end."""
        for key in list(self.selector.get_map().values()):
            for _ in range(_LEFT_CHUNKS):
                if key.data is None or not self._read(key.fileobj, key.data):  # type: ignore[arg-type]
                    break
        for stream, cleaner in self.cleaners.items():
            self._take(stream, cleaner.feed(b"", final=True))

    def _take(self, stream: Stream, text: str) -> None:
        if text:
            self.kept[stream].add(text)
            if self.keep is not None:
                self.keep.write(stream, text)
            self.on_output(stream, text)

    def _result(self, session: int | None) -> Execution:
        code = self.process.returncode
        return Execution(
            exit_code=code if code >= 0 else 128 - code,
            duration_ms=round((time.monotonic() - self.begun) * 1000),
            stdout=self.kept["stdout"].text(),
            stderr=self.kept["stderr"].text(),
            truncated=any(kept.truncated for kept in self.kept.values()),
            ended_by=self.ended_by,
            output_file=self.keep.path if self.keep else None,
            output_failed=self.keep.failed if self.keep else None,
            group=session,
        )


@contextlib.contextmanager
def _end_of(process: subprocess.Popen[bytes]) -> Iterator[int]:
    """A descriptor that becomes readable when the process has ended."""
    descriptor = _process_descriptor(process.pid)
    if descriptor is not None:
        try:
            yield descriptor
        finally:
            os.close(descriptor)
        return
    read, write = os.pipe()

    def watch() -> None:
        process.wait()
        os.close(write)

    thread = threading.Thread(target=watch, daemon=True, name="runbook-cell")
    thread.start()
    try:
        yield read
    finally:
        if process.poll() is None:
            watchdog.signal_session(process.pid, signal.SIGKILL)
        thread.join()
        os.close(read)


def _process_descriptor(process: int) -> int | None:
    """A pidfd; None on macOS, an old kernel, or in a sandbox without the call."""
    if not hasattr(os, "pidfd_open"):
        return None
    try:
        return os.pidfd_open(process)
    except OSError:
        return None


def _swallow(pipe: IO[bytes]) -> None:
    """Go on reading what a background child writes: a closed pipe would kill it at its next word."""

    def read() -> None:
        with pipe:
            os.set_blocking(pipe.fileno(), True)
            while os.read(pipe.fileno(), _CHUNK):
                pass

    threading.Thread(target=read, daemon=True, name="runbook-background").start()


def end_group(group: int, grace: float = GRACE_SECONDS) -> None:
    """End the session that a cell left behind (`Execution.group`): TERM, KILL after `grace` seconds. Blocks."""
    watchdog.end_sessions({group}, grace)
