"""What one transaction of the journal can do."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence

from runbook_ls.memory import rows
from runbook_ls.memory.records import Forgotten, Lesson, Outcome, Run, StoredSuggestion, new_id
from runbook_ls.memory.wording import content_words, same_command_key, same_intent_key
from runbook_ls.values import RunbookError


class Writing:
    """An open transaction; `Journal.writing()` makes it. Nothing is seen by others, or kept, before it ends."""

    def __init__(self, connection: sqlite3.Connection, salt: bytes) -> None:
        self._connection = connection
        self._salt = salt

    def add_run(self, run: Run) -> None:
        """Add an execution to the history."""
        self._connection.execute(rows.INSERT_RUN, rows.values(run))

    def add_suggestion(self, suggestion: StoredSuggestion) -> None:
        """Add a suggestion that entered a document."""
        self._connection.execute(rows.INSERT_SUGGESTION, rows.values(suggestion))

    def teach(self, lesson: Lesson) -> Outcome:
        """Learn a (Q, A′) pair.

        In one workspace (or one cell, if its workspace changed) an intent has one command: the same one again
        confirms, another one supersedes. Documented examples stand beside that, one per file and pair.
        """
        intent_key = same_intent_key(lesson.intent, self._salt)
        command_key = same_command_key(lesson.command, self._salt)
        if lesson.source == "documented":
            return self._document(lesson, intent_key, command_key)

        known = self._connection.execute(
            """SELECT number, id, command_key = ? AS same, superseded_by IS NULL AS in_use FROM examples
            WHERE intent_key = ? AND source != 'documented'
              AND (workspace = ? OR (file = ? AND cell = ? AND file != '')) ORDER BY number DESC""",
            (command_key, intent_key, *map(rows.stored, (lesson.workspace, lesson.file, lesson.cell))),
        ).fetchall()
        same = next((row for row in known if row["same"]), None)
        others = [row for row in known if row["in_use"] and not row["same"]]

        if same is not None:
            example_id = str(same["id"])
            self._connection.execute(
                """UPDATE examples SET confirmations = confirmations + 1, time = ?, superseded_by = NULL
                WHERE number = ?""",
                (_time(lesson), same["number"]),
            )
        else:
            example_id = self._add_example(lesson, intent_key, command_key)
        for row in others:
            self._connection.execute(
                "UPDATE examples SET superseded_by = ? WHERE number = ?", (example_id, row["number"])
            )
        if lesson.source == "confirmed" and lesson.derived_from and lesson.derived_from[0] != example_id:
            self._connection.execute(
                "UPDATE examples SET confirmations = confirmations + 1 WHERE id = ?",
                (lesson.derived_from[0],),
            )
        if others:
            return Outcome("superseded", example_id, tuple(str(row["id"]) for row in others))
        return Outcome("confirmed" if same or lesson.source == "confirmed" else "learned", example_id)

    def replace_documented(self, file: str, lessons: Sequence[Lesson]) -> tuple[int, int]:
        """Make `lessons` the documented examples of `file`; what did not change stays as it is.

        Returns how many were added and how many removed. `lessons` may be empty: the file is gone.
        """
        before = {
            str(row["id"])
            for row in self._connection.execute(
                "SELECT id FROM examples WHERE source = 'documented' AND file = ?", (rows.stored(file),)
            ).fetchall()
        }
        kept = {self.teach(lesson).example_id for lesson in lessons} - {""}
        for example_id in before - kept:
            self._connection.execute("DELETE FROM examples WHERE id = ?", (example_id,))
        return len(kept - before), len(before - kept)

    def forget(self, some_id: str) -> Forgotten:
        """The rows' part of `Journal.forget`; call that instead, which also clears what they leave in the file."""
        table, row = self._find(some_id)
        text = row[{"runs": "executed", "examples": "command", "suggestions": "text"}[table]]
        found: dict[str, set[str]] = {"runs": set(), "examples": set(), "suggestions": set()}
        found[table].add(str(row["id"]))
        for name, sql in _SAME_TEXT.items():
            found[name] |= {str(each[0]) for each in self._connection.execute(sql, {"text": text}).fetchall()}
        if table == "runs":
            found["examples"] |= {
                str(each[0])
                for each in self._connection.execute("SELECT id FROM examples WHERE run_id = ?", (row["id"],))
            }

        output_files = []
        now = time.time()
        for run_id in sorted(found["runs"]):
            file = self._connection.execute(
                "SELECT output_file FROM runs WHERE id = ?", (run_id,)
            ).fetchone()[0]
            output_files += [rows.loaded(file)] if file else []
            self._connection.execute("DELETE FROM runs WHERE id = ?", (run_id,))
        for suggestion_id in sorted(found["suggestions"]):
            self._connection.execute("DELETE FROM suggestions WHERE id = ?", (suggestion_id,))
        for example_id in sorted(found["examples"]):
            keys = self._connection.execute(
                "SELECT intent_key, command_key FROM examples WHERE id = ?", (example_id,)
            ).fetchone()
            self._connection.execute(
                "INSERT OR REPLACE INTO tombstones VALUES (?, ?, 'example', ?)",
                (example_id, now, _pair(*keys)),
            )
            self._connection.execute("DELETE FROM examples WHERE id = ?", (example_id,))
        self._connection.executemany(
            "INSERT OR REPLACE INTO tombstones VALUES (?, ?, ?, NULL)",
            [(each, now, kind[:-1]) for kind in ("runs", "suggestions") for each in sorted(found[kind])],
        )
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES ('purge_pending', 1)")
        return Forgotten(
            str(row["id"]),
            len(found["runs"]),
            len(found["examples"]),
            len(found["suggestions"]),
            tuple(output_files),
        )

    def store_vectors(self, model: str, vectors: Sequence[tuple[int, bytes]]) -> None:
        """Keep (example number, float16 vector) pairs; examples that are gone by now are passed over."""
        self._connection.executemany(
            """INSERT OR IGNORE INTO vectors (example, model, vector)
            SELECT number, ?2, ?3 FROM examples WHERE number = ?1""",
            [(number, model, vector) for number, vector in vectors],
        )

    def _document(self, lesson: Lesson, intent_key: bytes, command_key: bytes) -> Outcome:
        if self._connection.execute(
            "SELECT 1 FROM tombstones WHERE pair = ?", (_pair(intent_key, command_key),)
        ).fetchone():
            return Outcome("forgotten", "")
        same = self._connection.execute(
            """SELECT number, id FROM examples
            WHERE intent_key = ? AND command_key = ? AND source = 'documented' AND file = ? AND workspace = ?""",
            (intent_key, command_key, rows.stored(lesson.file), rows.stored(lesson.workspace)),
        ).fetchone()
        if same is None:
            return Outcome("learned", self._add_example(lesson, intent_key, command_key))
        self._connection.execute(
            "UPDATE examples SET line = ?, cell = ? WHERE number = ?",
            (lesson.line, rows.stored(lesson.cell), same["number"]),
        )
        return Outcome("confirmed", str(same["id"]))

    def _add_example(self, lesson: Lesson, intent_key: bytes, command_key: bytes) -> str:
        example_id = new_id()
        intent = lesson.intent.encode(
            "utf-8", "replace"
        ).decode()  # torn characters would not be found by words
        self._connection.execute(
            """INSERT INTO examples (id, intent, command, source, workspace, scope, file, cell, line, time, run_id,
            words, intent_key, command_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                example_id,
                intent,
                rows.stored(lesson.command),
                lesson.source,
                rows.stored(lesson.workspace),
                "" if lesson.everywhere else rows.stored(lesson.workspace),
                rows.stored(lesson.file),
                rows.stored(lesson.cell),
                lesson.line,
                _time(lesson),
                lesson.run_id,
                " ".join(sorted(content_words(intent))),
                intent_key,
                command_key,
            ),
        )
        return example_id

    def _find(self, some_id: str) -> tuple[str, sqlite3.Row]:
        found = [
            (table, row)
            for table, sql in _BY_PREFIX.items()
            for row in self._connection.execute(sql, (prefix(some_id),)).fetchall()
        ]
        if not found:
            raise RunbookError(
                f"nothing in the journal has the id {some_id}; `runbook-ls history` lists the runs"
            )
        if len(found) > 1:
            raise RunbookError(f"several ids in the journal begin with {some_id}: give more of it")
        return found[0]


_BY_PREFIX = {
    "runs": "SELECT id, executed FROM runs WHERE id GLOB ? LIMIT 2",
    "examples": "SELECT id, command FROM examples WHERE id GLOB ? LIMIT 2",
    "suggestions": "SELECT id, text FROM suggestions WHERE id GLOB ? LIMIT 2",
}
_SAME_TEXT = {
    "runs": "SELECT id FROM runs WHERE executed = :text OR suggestion = :text",
    "examples": "SELECT id FROM examples WHERE command = :text",
    "suggestions": "SELECT id FROM suggestions WHERE text = :text",
}


def prefix(some_id: str) -> str:
    """The GLOB pattern of the ids that begin with `some_id`; of none if that is empty."""
    return (
        "".join(f"[{mark}]" if mark in "*?[" else mark for mark in some_id.strip()) + "*" if some_id else ""
    )


def _pair(intent_key: bytes, command_key: bytes) -> bytes:
    return bytes(intent_key) + bytes(command_key)


def _time(lesson: Lesson) -> float:
    return time.time() if lesson.time is None else lesson.time
