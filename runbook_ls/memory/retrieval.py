"""Retrieval: the examples that come nearest to an intent, by meaning and by words."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from runbook_ls.memory import rows
from runbook_ls.memory.examples import Candidate
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.vectors import unpacked
from runbook_ls.memory.wording import content_words, overlap

if TYPE_CHECKING:
    from runbook_ls.memory.embedder import Vectors

BY_MEANING = 64
"""How many neighbours an index is asked for on each shelf."""

_BY_WORDS = 64
_RANKED_BY_WORDS = 2_000
_LONGEST_INTENT = 2_000  # characters; more says nothing more, and a paste by mistake must not cost seconds


@dataclass(frozen=True, slots=True)
class Recollection:
    """What memory has for an intent: candidates, the best first, and sentences that the user should know, such as
    that the search went by words only, and why."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()


class Memory(Protocol):
    """Where suggestions get their examples from."""

    def recall(self, intent: str, *, workspace: str = "", limit: int = 24) -> Recollection:
        """The examples nearest to `intent`, for someone who works in `workspace` (an absolute path, or "")."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """An intent's vector, of which model, and the cosines of its neighbours by example number."""

    vector: Vectors
    model: str
    neighbours: Mapping[int, float]


def recall(
    journal: Journal, intent: str, *, workspace: str, limit: int, meaning: Meaning | None = None
) -> tuple[Candidate, ...]:
    """Up to `limit` candidates, the best first; without `meaning` by words alone.

    The journal has the last word: what was superseded or forgotten since an index was filled is not in it.
    Candidates come once for each (intent, command), and documented ones only where no run taught the same intent.
    """
    words = content_words(shortened(intent))
    with journal.reading() as connection:
        by_words = _by_words(connection, words)
        cosines = dict(meaning.neighbours) if meaning else {}
        found = _load(connection, {*by_words, *cosines}, workspace)
        if meaning:
            cosines |= _cosines(connection, meaning, [number for number in by_words if number not in cosines])

    now = time.time()
    ranked = []
    for row in found:
        cosine = cosines.get(row["number"])  # None: not embedded yet
        common = overlap(words, row["words"].split())
        ranked.append((_rank(row, cosine, common, workspace, now), row, cosine or 0.0, common))
    ranked.sort(key=lambda each: each[0], reverse=True)

    run = {row["intent_key"] for row in found if row["source"] != "documented"}
    seen: set[tuple[bytes, bytes]] = set()
    best: list[Candidate] = []
    for _, row, cosine, common in ranked:
        pair = (row["intent_key"], row["command_key"])
        outdated = row["source"] == "documented" and row["intent_key"] in run
        if pair not in seen and not outdated:
            seen.add(pair)
            best.append(Candidate(rows.example(row), cosine, common))
        if len(best) == limit:
            break
    return tuple(best)


def shortened(intent: str) -> str:
    """As much of an intent as is looked at."""
    return intent[:_LONGEST_INTENT]


def _rank(row: sqlite3.Row, cosine: float | None, common: float, workspace: str, now: float) -> float:
    """What puts candidates in order. The bonuses decide between near equals only."""
    score = common if cosine is None else 0.7 * cosine + 0.3 * common
    if workspace and row["workspace"] == rows.stored(workspace):
        score += 0.05
    if row["source"] != "documented":
        score += 0.03 + 0.01 * min(row["confirmations"], 3) / 3
    age_in_days = max(0.0, now - row["time"]) / 86_400
    return float(score + 0.01 / (1.0 + age_in_days / 30))


def _by_words(connection: sqlite3.Connection, words: frozenset[str]) -> list[int]:
    """The examples that share the rarest of these words, as bm25 ranks them. A word that half of them have says
    little, and ranking all of those would take most of the time; where all words are such, all must be there."""
    counted = []
    for word in words:
        row = connection.execute("SELECT doc FROM example_vocabulary WHERE term = ?", (word,)).fetchone()
        counted.append((int(row["doc"]) if row else 0, word))
    counted.sort()
    rare, total = [], 0
    for count, word in counted:
        total += count
        if total <= _RANKED_BY_WORDS:
            rare.append(word)
    query = " OR ".join(f'"{word}"' for word in rare) or " AND ".join(f'"{word}"' for _, word in counted)
    if not query:
        return []
    found = connection.execute(
        "SELECT rowid FROM example_words WHERE example_words MATCH ? ORDER BY bm25(example_words) LIMIT ?",
        (query, _BY_WORDS),
    ).fetchall()
    return [int(row["rowid"]) for row in found]


def _load(connection: sqlite3.Connection, numbers: set[int], workspace: str) -> list[sqlite3.Row]:
    return connection.execute(
        """SELECT * FROM examples WHERE number IN (SELECT value FROM json_each(?))
        AND superseded_by IS NULL AND scope IN ('', ?)""",
        (str(sorted(numbers)), rows.stored(workspace)),
    ).fetchall()


def _cosines(connection: sqlite3.Connection, meaning: Meaning, numbers: Sequence[int]) -> dict[int, float]:
    """Cosines of what only its words found. Without a vector yet, its words must do."""
    found = connection.execute(
        "SELECT example, vector FROM vectors WHERE example IN (SELECT value FROM json_each(?)) AND model = ?",
        (str(list(numbers)), meaning.model),
    ).fetchall()
    if not found:
        return {}
    cosines = unpacked([row["vector"] for row in found], len(meaning.vector)) @ meaning.vector
    return {int(row["example"]): float(cosine) for row, cosine in zip(found, cosines, strict=True)}
