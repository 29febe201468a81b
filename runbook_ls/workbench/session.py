"""What one user has at hand: settings, journal, memory, open documents and running cells.

This is the only place in the product that holds state besides the journal itself. A server has one session for
its whole life, of which each workspace folder sees its own side; a command line has one for its one command.
"""

from __future__ import annotations

import copy
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runbook_ls.config.paths import Paths
from runbook_ls.config.settings import Settings
from runbook_ls.config.trust import Trust
from runbook_ls.document.runbook import Runbook
from runbook_ls.execute.execution import Execution
from runbook_ls.execute.state import State
from runbook_ls.execute.watchdog import Watchdog, end_sessions
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Run
from runbook_ls.memory.retrieval import Memory
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import RunbookError
from runbook_ls.workbench.key import Key

_OFFERS = 256
_GRACE_SECONDS = 1.0  # for what cells left in the background, between TERM and KILL


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A runbook that is open in the editor. `file` is its absolute path, or its URI where it has none; `lines` are
    its LSP lines with their ends."""

    uri: str
    file: str
    version: int
    lines: tuple[str, ...]
    runbook: Runbook


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion that was shown for a cell. It goes to the journal when it enters the document."""

    id: str
    uri: str
    intent: str
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Result:
    """The last run of a cell of an open document; `line` is the cell's first line, moved along by edits.

    `above` is a digest of what the cells above it said then: when they changed since, the result is stale."""

    line: int
    body: str
    execution: Execution
    run: Run
    above: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of an input, and where it comes from: `--var`, `you`, `default`."""

    value: str = field(repr=False)
    source: str
    secret: bool = False


@dataclass(slots=True)
class Running:
    """What runs in a runbook: the cell at hand and where it stands, those that wait behind it, and how to end it
    all. Lines move along with edits; `left` is the text they are lines of, while the runbook is closed."""

    name: str
    line: int
    waiting: tuple[int, ...] = ()
    cancel: threading.Event = field(default_factory=threading.Event)
    left: tuple[str, ...] | None = None


@dataclass(slots=True)
class _Stores:
    """What is opened when it is first asked for, once for all workspace folders."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    journal: Journal | None = None
    failed: RunbookError | None = None  # why the journal could not be opened
    try_at: float = 0.0  # on the monotonic clock: when to try again
    memory: Memory | None = None


class Session:
    """Everything a use-case needs. The journal and the memory are opened when they are first asked for; both
    raise RunbookError when that fails, and are tried again the next time, but not before as much time has gone by as
    the failure took: each cell of a run asks several times, and a journal that another process holds fails slowly.

    `tell` shows the user one sentence, such as that a damaged journal was set aside; it is called from any thread.
    """

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        trust: Trust,
        workspace: Path | None,
        connect: Callable[[Journal, Settings], Memory],
        tell: Callable[[str], None],
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.trust = trust
        self.workspace = str(workspace) if workspace else ""
        self.documents: dict[str, OpenDocument] = {}
        self.results: dict[str, tuple[Result, ...]] = {}
        self.running: dict[str, Running] = {}
        self.beside: dict[
            str, list[Running]
        ] = {}  # by URI: cells with `background=true`, which keep nobody waiting
        self.earlier: dict[str, dict[str, Run]] = {}  # by URI and text: the last runs of former windows
        self.keys: dict[str, dict[int, str]] = {}  # by URI and line: what clients know a cell by
        self.paused = threading.Event()  # *Pause learning*, until the window closes
        self.allowed: set[str] = set()  # digests of what may run unasked until the window closes
        self.taken: dict[tuple[str, str], str] = {}  # by URI and intent: the suggestion that entered last
        self.offers: deque[Offer] = deque(maxlen=_OFFERS)
        self.states: dict[str, State] = {}  # by file: what its next cell sees of the earlier ones
        self.answers: dict[str, dict[str, Answer]] = {}  # by file: the values given for its inputs, by name
        self.login: Mapping[str, str] | None = None  # the login shell's environment, once it was asked
        self.told: set[str] = set()  # what need not be told again
        self.prune_at = 0.0  # on the monotonic clock: when to look for old outputs again
        self.background: set[int] = set()  # process groups that outlived their cell
        self.watchdog = Watchdog()
        self.key = Key()
        self._connect = connect
        self.tell = tell
        self._stores = _Stores()

    def in_folder(self, settings: Settings, trust: Trust, workspace: Path | None) -> Session:
        """The same session as another workspace folder sees it: other settings, trust and workspace, all else
        shared."""
        other = copy.copy(self)
        other.settings, other.trust = settings, trust
        other.workspace = str(workspace) if workspace else ""
        return other

    def at_work(self, uri: str) -> list[Running]:
        """What runs in a runbook, at hand and in the background."""
        running = self.running.get(uri)
        return [*([running] if running else ()), *self.beside.get(uri, ())]

    @property
    def journal(self) -> Journal:
        stores = self._stores
        with stores.lock:
            if stores.journal is None:
                begun = time.monotonic()
                if stores.failed is not None and begun < stores.try_at:
                    raise stores.failed.with_traceback(None)
                try:
                    stores.journal = Journal.open(self.paths.journal)
                except RunbookError as error:
                    now = time.monotonic()
                    stores.failed, stores.try_at = error, now + (now - begun)
                    raise
                for notice in stores.journal.notices:
                    self.tell(notice)
            return stores.journal

    @property
    def memory(self) -> Memory:
        stores = self._stores
        with stores.lock:
            if stores.memory is None:
                stores.memory = self._connect(self.journal, self.settings)
            return stores.memory

    def close(self) -> None:
        """End what runs and close what is open."""
        for running in (*self.running.values(), *itertools.chain(*self.beside.values())):
            running.cancel.set()
        end_sessions(self.background, _GRACE_SECONDS)
        self.watchdog.close()
        stores = self._stores
        with stores.lock:
            if stores.memory is not None:
                stores.memory.close()
            if stores.journal is not None:
                stores.journal.close()
            stores.memory = stores.journal = None
