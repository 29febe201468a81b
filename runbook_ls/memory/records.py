"""What the journal keeps: runs, suggestions that entered a document, and lessons for it to learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from runbook_ls.memory.examples import Source

Teaching = Literal["learned", "confirmed", "superseded", "none"]
Ending = Literal["", "cancelled", "timed out", "not started", "unknown"]


def new_id() -> str:
    """A new ULID: 26 characters that sort by the time they were made."""
    from ulid import ULID  # 40 ms of import that `lint` and `ls` can do without

    return str(ULID())


@dataclass(frozen=True, slots=True)
class Run:
    """One execution (A′) as the journal keeps it, with its intent (Q) and its suggestion (A), if it had one.

    `time` is in seconds since the epoch; `line` is 0-based, of the cell's opening fence; `file`, `workspace`,
    `directory` and `output_file` are absolute paths. `executed` is kept byte for byte. `exit_code` is None when
    the command never started or did not finish; `ending` then says why: "unknown" is one that began and still runs, or
    whose runbook-ls was killed meanwhile. "": it ended by itself, or an earlier version kept it. `edits` and `distance` (0 to 1) measure the way from A to A′.
    `previous` is the id of the attempt before this one: A, A₁ … A′ form a chain.
    """

    id: str
    time: float
    file: str
    cell: str
    line: int
    language: str
    intent: str
    executed: str
    heading_path: tuple[str, ...] = ()
    suggestion_id: str | None = None
    suggestion: str | None = None
    exit_code: int | None = None
    ending: Ending = ""
    duration_ms: int = 0
    edits: int = 0
    distance: float = 0.0
    receipt: str = ""
    teaching: Teaching = "none"
    workspace: str = ""
    git_revision: str = ""
    user: str = ""
    host: str = ""
    directory: str = ""
    target: str = ""
    consent: str = ""
    previous: str | None = None
    output_file: str | None = None


@dataclass(frozen=True, slots=True)
class StoredSuggestion:
    """A suggestion (A) that entered a document.

    `time` is in seconds since the epoch, `line` is 0-based. `examples` are the ids of the examples it was made
    from, the main one first; `problems` what the guard found, as plain JSON values.
    """

    id: str
    time: float
    file: str
    cell: str
    line: int
    intent: str
    text: str
    generator: str
    confidence: float
    examples: tuple[str, ...] = ()
    problems: tuple[Mapping[str, object], ...] = ()
    workspace: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A (Q, A′) pair to be learned. Secrets must have been redacted.

    `everywhere` is False for what answers only in its own workspace (read from runbooks in the background).
    `derived_from` are the ids of the examples that the suggestion was made from; when it ran unedited
    (`source="confirmed"`), that also counts as a confirmation of the first of them. A team's example has the
    `origin` it came through, its `author`, and keeps its `example_id` and `confirmations`.
    """

    intent: str
    command: str
    source: Source
    workspace: str = ""
    file: str = ""
    line: int = -1
    cell: str = ""
    run_id: str | None = None
    time: float | None = None  # seconds since the epoch; now, if None
    everywhere: bool = True
    derived_from: tuple[str, ...] = ()
    author: str = ""
    origin: str = ""
    example_id: str = ""  # a new one, if ""
    confirmations: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What teaching a lesson did, and the id of the example that now holds it.

    "superseded": learned, and the older examples named in `superseded` answer no more. "forgotten": not learned,
    because the user had this pair forgotten and it only came from a file again (`example_id` is then "").
    """

    kind: Literal["learned", "confirmed", "superseded", "forgotten"]
    example_id: str
    superseded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What `forget` removed, as counts of rows and paths of output files.

    `pending`: the rows are gone for every reader, but another process keeps their bytes in the write-ahead log;
    they go when it lets go.
    """

    id: str
    runs: int = 0
    examples: int = 0
    suggestions: int = 0
    output_files: tuple[str, ...] = ()
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What a journal holds, for `doctor`. `examples` counts those in use, by source; `vectors` by model;
    `not_learned` the receipts of runs that taught nothing, commonest first; `size` is in bytes."""

    runs: int
    suggestions: int
    superseded: int
    size: int
    purge_pending: bool
    examples: Mapping[str, int] = field(default_factory=dict)
    vectors: Mapping[str, int] = field(default_factory=dict)
    not_learned: Mapping[str, int] = field(default_factory=dict)
