"""What a cell's execution is asked for with, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from runbook_ls.execute.interpreters import Interpreter
from runbook_ls.execute.watchdog import GRACE_SECONDS, Watchdog

Stream = Literal["stdout", "stderr"]
OnOutput = Callable[[Stream, str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What to run, where and how. `environment` is complete; `timeout` and `grace` (TERM to KILL) are in seconds.

    `output_file` gets the complete output of both streams in the order it came (0600), passed through `redact` in
    whole lines first, up to `output_limit` bytes. `watched_by` ends the cell if this process is killed.
    `name` names the cell in the shell's own messages.
    """

    interpreter: Interpreter
    body: str
    directory: Path
    environment: Mapping[str, str]
    timeout: float | None = None
    output_file: Path | None = None
    output_limit: int = 16 * 1024 * 1024  # redacting takes a second for each ten megabytes
    redact: Callable[[str], str] | None = None
    grace: float = GRACE_SECONDS
    watched_by: Watchdog | None = None
    arguments: tuple[str, ...] = ()  # after the cell file
    descriptors: tuple[int, ...] = ()  # open files that the program inherits
    name: str = "cell"
    terminal: bool = False  # the cell gets this process's terminal, see terminal.py


@dataclass(frozen=True, slots=True)
class Execution:
    """One run of a cell.

    `exit_code` is as a shell reports it: 128 + n for a signal. `stdout` and `stderr` are cleaned text, head and
    tail only where `truncated`. `ended_by` is None where the program ended by itself. `duration_ms` in milliseconds.
    `output_failed` says why the output file is not complete, other than by its limit. `group` is the session of the
    cell where background children of it live on; `watchdog.end_sessions` ends them.
    """

    exit_code: int
    duration_ms: int
    stdout: str
    stderr: str
    truncated: bool = False
    ended_by: Literal["cancel", "timeout"] | None = None
    output_file: Path | None = None
    output_failed: str | None = None
    group: int | None = None
