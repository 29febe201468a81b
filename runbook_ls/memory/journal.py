"""The journal: the SQLite file that holds every execution and every suggestion that entered a document.

It is the only source of truth; indexes are derived from it. Several processes write to it at once, so it runs in
WAL mode with `synchronous=FULL`: what a transaction committed survives the loss of the process and of power.

A `Journal` may be used from any thread. Writers take turns on one connection; each reader borrows a connection of
its own, so that no reader waits for a writer. Never open the file itself while a Journal is open in the same
process: closing it would drop SQLite's POSIX locks (https://www.sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from runbook_ls.memory import place, rows, schema
from runbook_ls.memory.examples import Example
from runbook_ls.memory.records import Counts, Forgotten, Run, StoredSuggestion
from runbook_ls.memory.writing import Writing, prefix
from runbook_ls.values import RunbookError

if TYPE_CHECKING:  # SQLite is loaded with the first journal: a window in which nothing runs needs none
    import sqlite3

_T = TypeVar("_T")

_BUSY_SECONDS = 30.0  # with three eager writers, one waited 3.8 s
_THOROUGH_CHECK_BYTES = 32 << 20


class Journal:
    """An open journal. Make one with `Journal.open`; close it, or use it in a `with` statement.

    `path` is the file. `notices` are sentences that the user should see once, such as that a damaged journal was
    set aside.
    """

    def __init__(self, path: Path, *, wal: bool, notices: tuple[str, ...] = ()) -> None:
        self.path = path
        self.wal = wal
        self.notices = notices
        self._write_lock = threading.Lock()
        self._pool_lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        self._writer = _connect(path)
        self.salt = bytes(self._writer.execute("SELECT value FROM facts WHERE name = 'salt'").fetchone()[0])

    @classmethod
    def open(cls, path: Path) -> Journal:
        """Open the journal at `path`; make it (0600, in a 0700 directory) or migrate it where needed.

        A damaged file is renamed (`.corrupt-<time>`) and a new one begun; `notices` then says so. Raises
        RunbookError when the directory cannot be written, or when the journal is a newer version's or not ours.
        """
        import sqlite3

        path = path.absolute()
        place.prepare_directory(path.parent)
        wal = not place.on_network(path.parent)
        notices: tuple[str, ...] = ()
        with _explained(path), place.opening(path):
            try:
                _prepare(path, wal=wal)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                aside = place.set_aside(path)
                notices = (
                    f"the journal {path} was damaged ({error}); it is kept as {aside}, and a new one begins",
                )
                _prepare(path, wal=wal)
            journal = cls(path, wal=wal, notices=notices)
        if journal._purge_is_pending():
            journal.purge(seconds=0.1)
        return journal

    def close(self) -> None:
        """Close every connection. Transactions that other threads still have open are rolled back."""
        if self._closed:
            return
        if self._purge_is_pending():
            with suppress(RunbookError):
                self.purge(seconds=0.1)
        with self._pool_lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        with self._write_lock:
            self._writer.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Transactions

    @contextmanager
    def writing(self, *, seconds: float = _BUSY_SECONDS) -> Iterator[Writing]:
        """One transaction. It is on disk when the block ends; an exception in the block undoes all of it.

        Waits up to `seconds` for other processes that write. Raises RunbookError when the file cannot be written.
        """
        with self._write_lock, _explained(self.path), self._patience(seconds):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield Writing(self._writer, self.salt)
                self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:  # a full disk has rolled it back already
                    self._writer.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading, for this room only. Fetch all rows before the block ends."""
        with _explained(self.path):
            with self._pool_lock:
                self._check_open()
                connection = self._idle.pop() if self._idle else None
            connection = connection or _connect(self.path)
            try:
                yield connection
            finally:
                with self._pool_lock:
                    if not self._closed:
                        self._idle.append(connection)
                        connection = None
                if connection is not None:
                    connection.close()

    # History

    def runs(self, limit: int = 50, *, file: str | None = None, since: float = 0.0) -> list[Run]:
        """The newest runs first; `since` is in seconds since the epoch, `file` an absolute path."""
        if file is None:
            return self._runs("WHERE time >= :since ORDER BY time DESC, rowid DESC LIMIT :limit", locals())
        return self._runs(
            "WHERE file = :file AND time >= :since ORDER BY time DESC, rowid DESC LIMIT :limit", locals()
        )

    def run(self, run_id: str) -> Run | None:
        """The run with this id, or the only one whose id begins so; None if there is none.

        Raises RunbookError when several begin so.
        """
        found = self._runs("WHERE id GLOB :pattern LIMIT 2", {"pattern": prefix(run_id)})
        return _only(found, run_id)

    def last_run(self, file: str, *, cell: str | None = None, line: int | None = None) -> Run | None:
        """The newest run of a file, of its cell of this name, or of the cell that stood at this 0-based line."""
        found = self._runs(
            """WHERE file = :file AND (:cell IS NULL OR cell = :cell) AND (:line IS NULL OR line = :line)
            ORDER BY time DESC, rowid DESC LIMIT 1""",
            {"file": file, "cell": cell, "line": line},
        )
        return found[0] if found else None

    def suggestion(self, suggestion_id: str) -> StoredSuggestion | None:
        """The suggestion with this id, or the only one whose id begins so; None if there is none."""
        with self.reading() as connection:
            found = connection.execute(
                "SELECT * FROM suggestions WHERE id GLOB ? LIMIT 2", (prefix(suggestion_id),)
            ).fetchall()
        return _only([rows.suggestion(row) for row in found], suggestion_id)

    def suggestions_for(self, file: str, *, limit: int = 200) -> list[StoredSuggestion]:
        """The suggestions that entered this file, newest first."""
        with self.reading() as connection:
            found = connection.execute(
                "SELECT * FROM suggestions WHERE file = ? ORDER BY time DESC, rowid DESC LIMIT ?",
                (rows.stored(file), limit),
            ).fetchall()
        return [rows.suggestion(row) for row in found]

    # Examples

    def example(self, example_id: str) -> Example | None:
        """The example with this id, or the only one whose id begins so, superseded or not; None if there is none."""
        with self.reading() as connection:
            found = connection.execute(
                "SELECT * FROM examples WHERE id GLOB ? LIMIT 2", (prefix(example_id),)
            ).fetchall()
        return _only([rows.example(row) for row in found], example_id)

    def examples(
        self, limit: int | None = None, *, workspace: str | None = None, file: str | None = None
    ) -> list[Example]:
        """The examples in use, newest first; `workspace` and `file` are absolute paths."""
        with self.reading() as connection:
            found = connection.execute(
                """SELECT * FROM examples WHERE superseded_by IS NULL
                AND (?1 IS NULL OR workspace = ?1) AND (?2 IS NULL OR file = ?2)
                ORDER BY time DESC, number DESC LIMIT ?3""",
                (rows.stored(workspace), rows.stored(file), -1 if limit is None else limit),
            ).fetchall()
        return [rows.example(row) for row in found]

    def has_examples(self) -> bool:
        """Whether anything was ever learned."""
        with self.reading() as connection:
            return connection.execute("SELECT 1 FROM examples LIMIT 1").fetchone() is not None

    def unsent(self) -> int:
        """How many examples the team's server is still to get or to lose."""
        with self.reading() as connection:
            return int(
                connection.execute(
                    """SELECT (SELECT count(*) FROM examples WHERE sharing IN ('wanted', 'unwanted'))
                    + (SELECT count(*) FROM tombstones WHERE NOT taken_back)"""
                ).fetchone()[0]
            )

    def counts(self) -> Counts:
        """What the journal holds, for `doctor`."""
        with self.reading() as connection:

            def tally(sql: str) -> dict[str, int]:
                return {str(name): int(number) for name, number in connection.execute(sql).fetchall()}

            def one(sql: str) -> int:
                return int(connection.execute(sql).fetchone()[0])

            return Counts(
                runs=one("SELECT count(*) FROM runs"),
                suggestions=one("SELECT count(*) FROM suggestions"),
                superseded=one("SELECT count(*) FROM examples WHERE superseded_by IS NOT NULL"),
                size=one("PRAGMA page_count") * one("PRAGMA page_size"),
                purge_pending=bool(one("SELECT count(*) FROM facts WHERE name = 'purge_pending'")),
                examples=tally(
                    "SELECT source, count(*) FROM examples WHERE superseded_by IS NULL GROUP BY 1"
                ),
                vectors=tally("SELECT model, count(*) FROM vectors GROUP BY 1"),
                not_learned=tally(
                    "SELECT receipt, count(*) FROM runs WHERE teaching = 'none' GROUP BY 1 ORDER BY 2 DESC LIMIT 20"
                ),
            )

    # Forgetting

    def forget(self, some_id: str) -> Forgotten:
        """Remove the text of a run, example or suggestion for good, given its id or a unique beginning of it.

        What holds the same text goes with it: the example that a run taught or confirmed, the runs and suggestions
        of the same command, vectors, index entries and output files. A tombstone without text remains, and keeps
        the pair from being learned again from a file. Raises RunbookError if the id is unknown or not unique.
        """
        with self.writing() as writing:
            gone = writing.forget(some_id)
        for file in gone.output_files:
            with suppress(OSError):
                Path(file).unlink()
        return replace(gone, pending=not self.purge())

    def purge(self, *, seconds: float = 2.0) -> bool:
        """Clear what deleted rows left behind: merged word-index segments and the write-ahead log.

        Waits at most `seconds` for other processes. False: one of them still reads an older state, so this stays
        pending and is tried again when a journal is opened or closed.
        """
        import sqlite3

        with self._write_lock, _explained(self.path), self._patience(seconds):
            try:
                # Rewrites the word index as one segment, without what was deleted from it.
                self._writer.execute("INSERT INTO example_words (example_words) VALUES ('optimize')")
                if self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                    return False
                self._writer.execute("DELETE FROM facts WHERE name = 'purge_pending'")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                return False
            return True

    @contextmanager
    def _patience(self, seconds: float) -> Iterator[None]:
        """How long the writer waits for other processes, for whoever holds the write lock."""
        self._check_open()
        self._writer.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        try:
            yield
        finally:
            self._writer.execute(f"PRAGMA busy_timeout = {int(_BUSY_SECONDS * 1000)}")

    def _runs(self, rest: str, values: Mapping[str, object]) -> list[Run]:
        parameters = {name: rows.stored(value) for name, value in values.items() if name != "self"}
        with self.reading() as connection:
            return [
                rows.run(row) for row in connection.execute(rows.SELECT_RUNS + rest, parameters).fetchall()
            ]

    def _check_open(self) -> None:
        if self._closed:
            raise RunbookError(f"the journal {self.path} is closed")

    def _purge_is_pending(self) -> bool:
        with self.reading() as connection:
            return (
                connection.execute("SELECT 1 FROM facts WHERE name = 'purge_pending'").fetchone() is not None
            )


def _prepare(path: Path, *, wal: bool) -> None:
    """Bring the file at `path` to today's schema. Raises sqlite3.DatabaseError if it is damaged."""
    import sqlite3

    connection = _connect(path)
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        application = int(connection.execute("PRAGMA application_id").fetchone()[0])
        tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        if tables and application != schema.APPLICATION_ID:
            raise RunbookError(
                f"{path} is an SQLite file, but not a journal; move it away or set RUNBOOK_LS_HOME"
            )
        if version > schema.VERSION:
            raise RunbookError(
                f"the journal {path} comes from a newer runbook-ls (schema {version}; this one knows "
                f"{schema.VERSION}): get the newer version, or set RUNBOOK_LS_HOME to keep another journal"
            )
        path.chmod(0o600)
        if path.stat().st_size <= _THOROUGH_CHECK_BYTES:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise sqlite3.DatabaseError(f"malformed: {verdict}")
        # The mode stays in the file, so a journal that moved to a network file system must be told.
        connection.execute(f"PRAGMA journal_mode = {'WAL' if wal else 'DELETE'}")
        schema.migrate(connection)
    finally:
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    import sqlite3

    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    for pragma in ("synchronous = FULL", "secure_delete = ON", "foreign_keys = ON", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _only(found: Sequence[_T], some_id: str) -> _T | None:
    if len(found) > 1:
        raise RunbookError(f"several ids in the journal begin with {some_id}: give more of it")
    return found[0] if found else None


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into sentences that say what to do."""
    import sqlite3

    try:
        yield
    except sqlite3.DatabaseError as error:
        reason = str(error)
        if _is_damage(error):
            advice = "restart to have it set aside and a new one begun"
            raise RunbookError(f"the journal {path} is damaged ({reason}); {advice}") from error
        if "locked" in reason or "busy" in reason:
            raise RunbookError(f"the journal {path} is busy: another process holds it; try again") from error
        if isinstance(error, sqlite3.OperationalError):
            raise RunbookError(
                f"cannot write the journal {path}: {reason}; check its permissions and the disk"
            ) from error
        raise
    except OSError as error:
        raise RunbookError(f"cannot open the journal {path}: {error.strerror or error}") from error


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return any(sign in str(error) for sign in ("malformed", "not a database"))
