"""Running one cell: its own session and process group, output as it comes, and nothing left behind.

The cell is a file (0600) in a private directory (0700) that is gone when the cell has ended; its standard input is
/dev/null. Cancelling, timing out and the end of this process reach the whole process group.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from runbook_ls.execute.interpreters import Interpreter
from runbook_ls.execute.output import Bounded, Cleaner
from runbook_ls.values import RunbookError

Stream = Literal["stdout", "stderr"]
OnOutput = Callable[[Stream, str], None]

KEPT_CHARACTERS = 64 * 1024  # of each stream's head, and of its tail
GRACE_SECONDS = 2.0  # between TERM and KILL
_CHUNK = 1 << 16
_DRAIN_CHUNKS = 16  # more than a pipe holds
_LINE_LIMIT = 1 << 16  # a longer line is redacted and written in pieces


@dataclass(frozen=True, slots=True)
class Request:
    """What to run, where and how. `environment` is complete, `timeout` is in seconds.

    `output_file` gets the complete output of both streams in the order it came (0600), each line passed through
    `redact` first, up to `output_limit` bytes. `grace` seconds lie between TERM and KILL.
    """

    interpreter: Interpreter
    body: str
    directory: Path
    environment: Mapping[str, str]
    timeout: float | None = None
    output_file: Path | None = None
    output_limit: int = 64 * 1024 * 1024
    redact: Callable[[str], str] | None = None
    grace: float = GRACE_SECONDS
    started: Callable[[int], None] | None = None  # told the process group's id, as for the watchdog
    ended: Callable[[int], None] | None = None
    arguments: tuple[str, ...] = ()  # after the cell file


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a cell.

    `exit_code` is as a shell reports it: 128 + n for a signal. `stdout` and `stderr` are cleaned text, head and
    tail only where `truncated`. `ended_by` is None where the program ended by itself. `duration_ms` in milliseconds.
    """

    exit_code: int
    duration_ms: int
    stdout: str
    stderr: str
    truncated: bool = False
    ended_by: Literal["cancel", "timeout"] | None = None
    output_file: Path | None = None
    group: int | None = None  # the process group, where background children of the cell live on


def run(request: Request, on_output: OnOutput, cancel: threading.Event) -> Execution:
    """Run a cell to its end and return what happened. Blocks; call it from a thread of its own in a server.

    `on_output` gets cleaned text as it comes, from this thread, in the order of the streams' arrival. Setting
    `cancel` ends the whole process group: TERM, and KILL after the grace. A background child that keeps the output
    open does not keep this call: it returns soon after the cell's own process has ended.

    Raises RunbookError if the directory is missing, the program cannot be started or the output file cannot be
    written.
    """
    if not request.directory.is_dir():
        raise RunbookError(
            f"the directory {request.directory} of the cell does not exist; create it or change `cwd`"
        )
    with contextlib.ExitStack() as stack:
        keep = stack.enter_context(_OutputFile.open(request)) if request.output_file else None
        private = _private_directory(stack)
        cell_file = private / f"cell{request.interpreter.suffix}"
        with os.fdopen(os.open(cell_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(cell_bytes(request.body))
        process = _start(request, cell_file)
        return _Run(request, process, on_output, cancel, keep).until_end()


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


def _private_directory(stack: contextlib.ExitStack) -> Path:
    private = tempfile.mkdtemp(prefix="runbook-ls-")  # mode 0700
    stack.callback(shutil.rmtree, private, ignore_errors=True)
    return Path(private)


def _start(request: Request, cell_file: Path) -> subprocess.Popen[bytes]:
    command = [*request.interpreter.argv, str(cell_file), *request.arguments]
    try:
        return subprocess.Popen(
            command,
            cwd=request.directory,
            env=dict(request.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            close_fds=True,
            start_new_session=True,
        )
    except OSError as error:
        program = request.interpreter.program
        raise RunbookError(f"cannot start {program} in {request.directory}: {error.strerror}") from error


class _Run:
    """One process being watched. A selector waits for output, for cancel and for the process's end alike."""

    def __init__(
        self,
        request: Request,
        process: subprocess.Popen[bytes],
        on_output: OnOutput,
        cancel: threading.Event,
        keep: _OutputFile | None,
    ) -> None:
        self.request, self.process, self.on_output, self.cancel, self.keep = (
            request, process, on_output, cancel, keep,
        )  # fmt: skip
        self.begun = time.monotonic()
        self.kept: dict[Stream, Bounded] = {
            "stdout": Bounded(KEPT_CHARACTERS),
            "stderr": Bounded(KEPT_CHARACTERS),
        }
        self.cleaners: dict[Stream, Cleaner] = {"stdout": Cleaner(), "stderr": Cleaner()}
        self.selector = selectors.DefaultSelector()
        self.ended_by: Literal["cancel", "timeout"] | None = None
        self.kill_at: float | None = None

    def until_end(self) -> Execution:
        process, group = self.process, self.process.pid
        wake_read, wake_write = os.pipe()
        watching = threading.Thread(target=self._watch, args=(wake_write,), daemon=True, name="runbook-cell")
        try:
            if self.request.started:
                self.request.started(group)
            watching.start()
            self.selector.register(wake_read, selectors.EVENT_READ, None)
            for stream, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
                assert pipe is not None
                os.set_blocking(pipe.fileno(), False)
                self.selector.register(pipe, selectors.EVENT_READ, stream)
            self._read_until_exit(wake_read)
            self._drain()
        finally:
            # Also where on_output raised: nothing of the cell may live on unseen.
            if process.poll() is None:
                _signal_group(group, signal.SIGKILL)
            watching.join()
            process.wait()
            self.selector.close()
            os.close(wake_read)
            os.close(wake_write)
            if self.ended_by:
                _signal_group(group, signal.SIGKILL)
            lives = not self.ended_by and group_lives(group)
            for pipe in (process.stdout, process.stderr):
                assert pipe is not None
                if lives:
                    _swallow(pipe)
                else:
                    pipe.close()
            if self.request.ended and not lives:
                self.request.ended(group)
        return self._result(group if lives else None)

    def _watch(self, wake: int) -> None:
        """Wait for the process, then wake the reading loop."""
        self.process.wait()
        os.write(wake, b"x")

    def _read_until_exit(self, wake: int) -> None:
        while True:
            for key, _ in self.selector.select(self._patience()):
                if key.fileobj == wake:
                    return
                self._read(key.fileobj, key.data)  # type: ignore[arg-type]
            self._end_if_asked()

    def _patience(self) -> float:
        """How long to wait for output at most, in seconds: cancel has no file descriptor to wait for."""
        until = [0.05]
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
                _signal_group(self.process.pid, signal.SIGTERM)
                self.kill_at = now + self.request.grace
        elif self.kill_at is not None and now >= self.kill_at:
            _signal_group(self.process.pid, signal.SIGKILL)
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

    def _drain(self) -> None:
        """What is still in the pipes now; a background child may hold them open for ever."""
        for key in list(self.selector.get_map().values()):
            if key.data is not None:
                for _ in range(_DRAIN_CHUNKS):
                    if not self._read(key.fileobj, key.data):  # type: ignore[arg-type]
                        break
        for stream, cleaner in self.cleaners.items():
            self._take(stream, cleaner.feed(b"", final=True))

    def _take(self, stream: Stream, text: str) -> None:
        if text:
            self.kept[stream].add(text)
            if self.keep is not None:
                self.keep.write(stream, text)
            self.on_output(stream, text)

    def _result(self, group: int | None) -> Execution:
        code = self.process.returncode
        return Execution(
            exit_code=code if code >= 0 else 128 - code,
            duration_ms=round((time.monotonic() - self.begun) * 1000),
            stdout=self.kept["stdout"].text(),
            stderr=self.kept["stderr"].text(),
            truncated=any(kept.truncated for kept in self.kept.values()),
            ended_by=self.ended_by,
            output_file=self.request.output_file,
            group=group,
        )


def _swallow(pipe: IO[bytes]) -> None:
    """Go on reading what a background child writes: a closed pipe would kill it at its next word."""

    def read() -> None:
        with pipe:
            os.set_blocking(pipe.fileno(), True)
            while os.read(pipe.fileno(), _CHUNK):
                pass

    threading.Thread(target=read, daemon=True, name="runbook-background").start()


def end_group(group: int, grace: float = GRACE_SECONDS) -> None:
    """End a process group that is not being watched by `run`: TERM, and KILL after `grace` seconds. Blocks."""
    _signal_group(group, signal.SIGTERM)
    end = time.monotonic() + grace
    while time.monotonic() < end and group_lives(group):
        time.sleep(0.01)
    _signal_group(group, signal.SIGKILL)


def group_lives(group: int) -> bool:
    """True if a process of the group is there, zombies included."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


class _OutputFile:
    """The complete output, redacted line by line before it reaches the disk."""

    def __init__(self, file: IO[str], redact: Callable[[str], str] | None, limit: int) -> None:
        self.file, self.redact, self.room = file, redact, limit
        self.begun: dict[Stream, str] = {"stdout": "", "stderr": ""}

    @classmethod
    @contextlib.contextmanager
    def open(cls, request: Request):  # type: ignore[no-untyped-def]  # noqa: ANN206
        assert request.output_file is not None
        try:
            request.output_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(
                request.output_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600
            )
        except OSError as error:
            raise RunbookError(
                f"cannot keep the output in {request.output_file}: {error.strerror}"
            ) from error
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            keep = cls(file, request.redact, request.output_limit)
            yield keep
            keep.finish()

    def write(self, stream: Stream, text: str) -> None:
        if self.redact is None:
            self._put(text)
            return
        lines = (self.begun[stream] + text).splitlines(keepends=True)
        self.begun[stream] = ""
        if lines and not lines[-1].endswith(("\n", "\r")) and len(lines[-1]) < _LINE_LIMIT:
            self.begun[stream] = lines.pop()
        for line in lines:
            self._put(self.redact(line))

    def finish(self) -> None:
        for text in self.begun.values():
            if text and self.redact is not None:
                self._put(self.redact(text))

    def _put(self, text: str) -> None:
        if self.room <= 0:
            return
        size = len(text.encode("utf-8", "backslashreplace"))
        self.file.write(text if size <= self.room else "\n… output file is full …\n")
        self.room -= size
