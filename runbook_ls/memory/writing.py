"""What one transaction of the journal can do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from runbook_ls.memory import rows
from runbook_ls.memory.records import Forgotten, Lesson, Outcome, Run, StoredSuggestion, new_id
from runbook_ls.memory.wording import content_words, same_command_key, same_intent_key
from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    import sqlite3


class Writing:
    """An open transaction; `Journal.writing()` makes it. Nothing is seen by others, or kept, before it ends."""

    def __init__(self, connection: sqlite3.Connection, salt: bytes) -> None:
        self._connection = connection
        self._salt = salt

    def add_run(self, run: Run) -> None:
        """Add an execution to the history, or complete what was added when it began."""
        self._connection.execute(rows.PUT_RUN, rows.values(run))

    def is_forgotten(self, some_id: str) -> bool:
        """Whether the user had what has this id forgotten."""
        found = self._connection.execute("SELECT 1 FROM tombstones WHERE id = ?", (some_id,))
        return found.fetchone() is not None

    def add_suggestion(self, suggestion: StoredSuggestion) -> None:
        """Add a suggestion that entered a document."""
        self._connection.execute(rows.INSERT_SUGGESTION, rows.values(suggestion))

    def teach(self, lesson: Lesson) -> Outcome:
        """Learn a (Q, A′) pair.

        In one workspace (or one cell, if its workspace changed) a run's intent has one command: the same one again
        confirms, another one supersedes. What is taught outright, documented or imported stands beside that.
        """
        keys = same_intent_key(lesson.intent, self._salt), same_command_key(lesson.command, self._salt)
        if lesson.source == "documented" or lesson.origin or lesson.example_id:
            return self._take_over(lesson, *keys)

        known = self._connection.execute(
            """SELECT number, id, command_key = ? AS same, superseded_by IS NULL AS in_use FROM examples
            WHERE intent_key = ? AND source != 'documented' AND origin = ''
              AND (workspace = ? OR (file = ? AND cell = ? AND file != '')) ORDER BY number DESC""",
            (keys[1], keys[0], *map(rows.stored, (lesson.workspace, lesson.file, lesson.cell))),
        ).fetchall()
        same = next((row for row in known if row["same"]), None)
        if same is None:
            example_id = self._add_example(lesson, *keys)
        else:
            example_id = str(same["id"])
            self._connection.execute(
                """UPDATE examples SET confirmations = confirmations + 1, time = ?, superseded_by = NULL
                WHERE number = ?""",
                (_time(lesson), same["number"]),
            )
        superseded = [row for row in known if row["in_use"] and not row["same"] and lesson.source != "taught"]
        for row in superseded:
            self._connection.execute(
                "UPDATE examples SET superseded_by = ? WHERE number = ?", (example_id, row["number"])
            )
        if lesson.source == "confirmed" and lesson.derived_from and lesson.derived_from[0] != example_id:
            self._connection.execute(
                "UPDATE examples SET confirmations = confirmations + 1 WHERE id = ?",
                (lesson.derived_from[0],),
            )
        if superseded:
            return Outcome("superseded", example_id, tuple(str(row["id"]) for row in superseded))
        return Outcome("confirmed" if same or lesson.source == "confirmed" else "learned", example_id)

    def take_back(self, run: Run) -> None:
        """Undo what `run` taught: an example that it alone taught answers no more, and what it replaced answers
        again; one that others taught too has a confirmation less."""
        for row in self._taught(run):
            if row["run_id"] != run.id or row["confirmations"]:
                self._connection.execute(
                    "UPDATE examples SET confirmations = max(0, confirmations - 1) WHERE id = ?", (row["id"],)
                )
                continue
            if row["sharing"]:  # the team's server is still to be told; the pair may be learned again
                self._connection.execute(
                    "INSERT OR REPLACE INTO tombstones (id, time, kind, taken_back) VALUES (?, ?, 'example', 0)",
                    (row["id"], time.time()),
                )
            self._connection.execute("DELETE FROM examples WHERE id = ?", (row["id"],))
            self._connection.execute(
                "UPDATE examples SET superseded_by = NULL WHERE superseded_by = ?", (row["id"],)
            )

    def taught_by(self, run: Run) -> list[str]:
        """The ids of the examples that hold what `run` taught."""
        return [str(row["id"]) for row in self._taught(run)]

    def judge_again(self, run: Run) -> None:
        """Keep another receipt and teaching of a run than it had."""
        self._connection.execute(
            "UPDATE runs SET receipt = ?, teaching = ? WHERE id = ?", (run.receipt, run.teaching, run.id)
        )

    def replace_documented(self, file: str, lessons: Sequence[Lesson]) -> tuple[int, int]:
        """Make `lessons` the documented examples of `file`; what did not change stays as it is.

        Returns how many were added and how many removed. `lessons` may be empty: the file is gone.
        """
        return self._replace(
            "SELECT id FROM examples WHERE source = 'documented' AND file = ? AND origin = ''", file, lessons
        )

    def replace_shared(self, origin: str, lessons: Sequence[Lesson]) -> tuple[int, int]:
        """The same for a team's examples that come through the file `origin`."""
        return self._replace("SELECT id FROM examples WHERE origin = ?", origin, lessons)

    def share(self, example_ids: Sequence[str]) -> int:
        """Have these examples of one's own sent to the team's server, when it can be reached. Returns how many are
        now on their way: a team's examples and superseded ones are passed over."""
        return sum(
            self._connection.execute(
                """UPDATE examples SET sharing = 'wanted'
                WHERE id = ? AND origin = '' AND superseded_by IS NULL AND sharing != 'shared'""",
                (example_id,),
            ).rowcount
            for example_id in example_ids
        )

    def sent(self, example_ids: Sequence[str], taken_back: Sequence[str]) -> None:
        """The team's server has these examples now, and those no longer."""
        self._connection.executemany(
            "UPDATE examples SET sharing = 'shared' WHERE id = ? AND sharing = 'wanted'",
            [(each,) for each in example_ids],
        )
        self._connection.executemany(
            "UPDATE examples SET sharing = '' WHERE id = ? AND sharing = 'unwanted'",
            [(each,) for each in taken_back],
        )
        self._connection.executemany(
            "UPDATE tombstones SET taken_back = 1 WHERE id = ?", [(each,) for each in taken_back]
        )

    def forget(self, some_id: str) -> Forgotten:
        """The rows' part of `Journal.forget`; call that instead, which also clears what they leave in the file."""
        table, row = self._find(some_id)
        text = row[{"runs": "executed", "examples": "command", "suggestions": "text"}[table]]
        found: dict[str, set[str]] = {"runs": set(), "examples": set(), "suggestions": set()}
        found[table].add(str(row["id"]))
        same = {"text": text, "key": same_command_key(str(rows.loaded(text)), self._salt)}
        for name, sql in _SAME_TEXT.items():
            found[name] |= {str(each[0]) for each in self._connection.execute(sql, same).fetchall()}
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
            self._connection.execute(
                """INSERT OR REPLACE INTO tombstones (id, time, kind, pair, taken_back)
                SELECT id, ?, 'example', CAST(intent_key || command_key AS BLOB), sharing = '' FROM examples
                WHERE id = ?""",
                (now, example_id),
            )
            self._connection.execute("DELETE FROM examples WHERE id = ?", (example_id,))
        self._connection.executemany(
            "INSERT OR REPLACE INTO tombstones (id, time, kind) VALUES (?, ?, ?)",
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

    def _taught(self, run: Run) -> list[sqlite3.Row]:
        keys = same_intent_key(run.intent, self._salt), same_command_key(run.executed, self._salt)
        return self._connection.execute(
            """SELECT id, run_id, confirmations, sharing FROM examples WHERE intent_key = ? AND command_key = ?
            AND workspace = ? AND origin = '' AND source != 'documented' AND superseded_by IS NULL""",
            (*keys, rows.stored(run.workspace)),
        ).fetchall()

    def _take_over(self, lesson: Lesson, intent_key: bytes, command_key: bytes) -> Outcome:
        """Learn what was written down elsewhere, unless it was forgotten here."""
        if self._connection.execute(
            "SELECT 1 FROM tombstones WHERE pair = ? OR id = ?", (intent_key + command_key, lesson.example_id)
        ).fetchone():
            return Outcome("forgotten", "")
        same = self._connection.execute(
            """SELECT number, id FROM examples WHERE intent_key = ? AND command_key = ? AND source = ? AND file = ?
            AND workspace = ? AND origin = ? AND superseded_by IS NULL""",
            (
                *(intent_key, command_key, lesson.source, rows.stored(lesson.file)),
                *(rows.stored(lesson.workspace), rows.stored(lesson.origin)),
            ),
        ).fetchone()
        if same is None:
            return Outcome("learned", self._add_example(lesson, intent_key, command_key))
        self._connection.execute(
            "UPDATE examples SET line = ?, cell = ?, confirmations = max(confirmations, ?) WHERE number = ?",
            (lesson.line, rows.stored(lesson.cell), lesson.confirmations, same["number"]),
        )
        return Outcome("confirmed", str(same["id"]))

    def _replace(self, sql: str, source: str, lessons: Sequence[Lesson]) -> tuple[int, int]:
        before = {str(row["id"]) for row in self._connection.execute(sql, (rows.stored(source),)).fetchall()}
        kept = {self.teach(lesson).example_id for lesson in lessons} - {""}
        for example_id in before - kept:
            self._connection.execute("DELETE FROM examples WHERE id = ?", (example_id,))
        return len(kept - before), len(before - kept)

    def _add_example(self, lesson: Lesson, intent_key: bytes, command_key: bytes) -> str:
        example_id = lesson.example_id or new_id()
        if self._connection.execute("SELECT 1 FROM examples WHERE id = ?", (example_id,)).fetchone():
            example_id = new_id()
        intent = lesson.intent.encode(
            "utf-8", "replace"
        ).decode()  # torn characters would not be found by words
        texts = lesson.command, lesson.workspace, lesson.file, lesson.cell, lesson.author, lesson.origin
        command, workspace, file, cell, author, origin = map(rows.stored, texts)
        self._connection.execute(
            """INSERT INTO examples (id, intent, command, source, workspace, scope, file, cell, line, time,
            confirmations, run_id, words, intent_key, command_key, author, origin)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                *(example_id, intent, command, lesson.source),
                *(workspace, "" if lesson.everywhere else workspace, file, cell, lesson.line, _time(lesson)),
                *(lesson.confirmations, lesson.run_id, " ".join(sorted(content_words(intent)))),
                *(intent_key, command_key, author, origin),
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
    "examples": "SELECT id FROM examples WHERE command_key = :key",
    "suggestions": "SELECT id FROM suggestions WHERE text = :text",
}


def prefix(some_id: str) -> str:
    """The GLOB pattern of the ids that begin with `some_id`; of none if that is empty."""
    return (
        "".join(f"[{mark}]" if mark in "*?[" else mark for mark in some_id.strip()) + "*" if some_id else ""
    )


def _time(lesson: Lesson) -> float:
    return time.time() if lesson.time is None else lesson.time
