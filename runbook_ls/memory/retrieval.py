"""Retrieval: the examples that come nearest to an intent, by meaning and by words."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from runbook_ls.memory import rows
from runbook_ls.memory.examples import RUN, Candidate, Example
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.vectors import unpacked
from runbook_ls.memory.wording import content_words, overlap, same_command_key, same_intent_key

if TYPE_CHECKING:
    import sqlite3

    from runbook_ls.memory.embedder import Vectors

BY_MEANING = 64
"""How many neighbours an index is asked for on each shelf."""

_BY_WORDS = 64
_RANKED_BY_WORDS = 2_000
_LATEST = 300  # that share a word, of which …
_LATEST_ALIKE = 48  # … share enough
_BEST = 8  # stand before …
_LAST_WORDS = 6  # … the latest runs, all among the 16 that the analogy generator considers
_AS_NEAR = 0.3  # a run whose score is so much lower than the best is for something else
_LONGEST_INTENT = 2_000  # characters; more says nothing more, and a paste by mistake must not cost seconds


@dataclass(frozen=True, slots=True)
class Recollection:
    """What memory has for an intent: candidates, the best first, and sentences that the user should know, such as
    that the search went by words only, and why. They hold for this answer: a face shows each of them once."""

    candidates: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()


class Memory(Protocol):
    """Where suggestions get their examples from."""

    def recall(self, intent: str, *, workspace: str = "", limit: int = 24) -> Recollection:
        """The examples nearest to `intent`, for someone who works in `workspace` (an absolute path, or "")."""
        ...

    def share(self) -> None:
        """Send the team's server, if there is one, what waits for it. Returns at once."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """An intent's vector, of which model, and the cosines of its neighbours by example number."""

    vector: Vectors
    model: str
    neighbours: Mapping[int, float]


def recall(
    journal: Journal,
    intent: str,
    *,
    workspace: str,
    limit: int,
    meaning: Meaning | None = None,
    others: Sequence[tuple[Example, float]] = (),
) -> tuple[Candidate, ...]:
    """Up to `limit` candidates, the best first; without `meaning` by words alone.

    The journal has the last word: what was superseded or forgotten since an index was filled is not in it.
    Candidates come once for each (intent, command), and documented ones only where no run of the same workspace
    taught the same intent. `others` are a team's examples from elsewhere, with their cosines.
    """
    words = content_words(shortened(intent))
    with journal.reading() as connection:
        by_words = list(dict.fromkeys([*_by_words(connection, words), *_latest(connection, words)]))
        cosines = dict(meaning.neighbours) if meaning else {}
        loaded = _load(connection, {*by_words, *cosines}, workspace)
        if meaning:
            cosines |= _cosines(connection, meaning, [number for number in by_words if number not in cosines])
        forgotten = _forgotten(connection) if others else frozenset()

    rate = _Rating(words, workspace, time.time())
    found = [_of_row(row, cosines.get(row["number"]), rate) for row in loaded]
    for example, cosine in others:
        other = _of_another(example, cosine, rate, journal.salt)
        if not {example.id, other.intent_key + other.command_key} & forgotten:
            found.append(other)
    found = _with_last_words(found)
    own = {(each.intent_key, each.workspace) for each in found if each.is_own}
    seen: set[tuple[bytes, bytes]] = set()
    best: list[Candidate] = []
    for each in found:
        pair = (each.intent_key, each.command_key)
        outdated = not each.is_own and (each.intent_key, each.workspace) in own
        if pair not in seen and not outdated:
            seen.add(pair)
            example = each.example if isinstance(each.example, Example) else rows.example(each.example)
            best.append(Candidate(example, each.similarity, each.common))
        if len(best) == limit:
            break
    corrected = [c.example.id for c in best if c.example.source == "corrected"]
    with journal.reading() as connection:
        rejected = _rejected(connection, corrected) if corrected else {}
    return tuple(replace(c, instead_of=rejected.get(c.example.id, "")) for c in best)


def _with_last_words(found: Sequence[_Found]) -> list[_Found]:
    """The best first; soon after them the latest runs that are nearly as near. Of hundreds for alike intents they must
    not be missing: they may have put the others right."""
    by_score = sorted(found, key=lambda each: each.score, reverse=True)
    best, rest = by_score[:_BEST], by_score[_BEST:]
    runs = [each for each in by_score if each.was_run and each.score > by_score[0].score - _AS_NEAR]
    last = sorted(runs, key=lambda each: each.learned, reverse=True)[:_LAST_WORDS]
    chosen = {id(each) for each in last}
    return best + [e for e in rest if id(e) in chosen] + [e for e in rest if id(e) not in chosen]


def shortened(intent: str) -> str:
    """As much of an intent as is looked at."""
    return intent[:_LONGEST_INTENT]


@dataclass(frozen=True, slots=True)
class _Found:
    """An example that was found; rows become examples only where they are among the best."""

    score: float
    intent_key: bytes
    command_key: bytes
    workspace: str
    is_own: bool  # this user's: neither read from a runbook nor a team's
    was_run: bool  # and not only told
    learned: float
    example: Example | sqlite3.Row
    similarity: float
    common: float


@dataclass(frozen=True, slots=True)
class _Rating:
    """What puts candidates in order, for one intent. The bonuses decide between near equals only."""

    words: frozenset[str]
    workspace: str
    now: float

    def score(
        self,
        cosine: float | None,
        common: float,
        workspace: str,
        is_own: bool,
        confirmations: int,
        learned: float,
    ) -> float:
        score = common if cosine is None else 0.7 * cosine + 0.3 * common  # None: not embedded yet
        if self.workspace and workspace == self.workspace:
            score += 0.05
        if is_own:
            score += 0.03 + 0.01 * min(confirmations, 3) / 3
        age_in_days = max(0.0, self.now - learned) / 86_400
        return score + 0.01 / (1.0 + age_in_days / 30)


def _of_row(row: sqlite3.Row, cosine: float | None, rate: _Rating) -> _Found:
    common = overlap(rate.words, row["words"].split())
    is_own = row["source"] != "documented" and not row["origin"]
    workspace, learned = str(rows.loaded(row["workspace"])), row["time"]
    score = rate.score(cosine, common, workspace, is_own, row["confirmations"], learned)
    keys, was_run = (row["intent_key"], row["command_key"]), is_own and row["source"] in RUN
    return _Found(score, *keys, workspace, is_own, was_run, learned, row, cosine or 0.0, common)


def _of_another(example: Example, cosine: float, rate: _Rating, salt: bytes) -> _Found:
    common = overlap(rate.words, content_words(example.intent))
    score = rate.score(cosine, common, example.workspace, False, example.confirmations, example.time)
    keys = same_intent_key(example.intent, salt), same_command_key(example.command, salt)
    return _Found(score, *keys, example.workspace, False, False, example.time, example, cosine, common)


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
    query = _any(rare) or " AND ".join(f'"{word}"' for _, word in counted)
    if not query:
        return []
    found = connection.execute(
        "SELECT rowid FROM example_words WHERE example_words MATCH ? ORDER BY bm25(example_words) LIMIT ?",
        (query, _BY_WORDS),
    ).fetchall()
    return [int(row["rowid"]) for row in found]


def _latest(connection: sqlite3.Connection, words: frozenset[str]) -> list[int]:
    """The latest examples that share words, at least half as many as one of them does."""
    if not words:
        return []
    found = connection.execute(
        """SELECT number, examples.words FROM example_words JOIN examples ON number = example_words.rowid
        WHERE example_words MATCH ? ORDER BY example_words.rowid DESC LIMIT ?""",
        (_any(words), _LATEST),
    ).fetchall()
    common = [overlap(words, row["words"].split()) for row in found]
    enough = max(common, default=0.0) / 2
    alike = [int(row["number"]) for row, share in zip(found, common, strict=True) if share >= enough]
    return alike[:_LATEST_ALIKE]


def _any(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _load(connection: sqlite3.Connection, numbers: set[int], workspace: str) -> list[sqlite3.Row]:
    return connection.execute(
        """SELECT * FROM examples WHERE number IN (SELECT value FROM json_each(?))
        AND superseded_by IS NULL AND scope IN ('', ?) ORDER BY number DESC""",
        (str(sorted(numbers)), rows.stored(workspace)),
    ).fetchall()


def _rejected(connection: sqlite3.Connection, examples: Sequence[str]) -> dict[str, str]:
    """The suggestions that these examples corrected, by the examples' ids, as far as their runs are known."""
    found = connection.execute(
        """SELECT examples.id, runs.suggestion FROM examples JOIN runs ON runs.id = examples.run_id
        WHERE examples.id IN (SELECT value FROM json_each(?)) AND runs.suggestion IS NOT NULL""",
        (json.dumps(examples),),
    ).fetchall()
    return {row["id"]: str(rows.loaded(row["suggestion"])) for row in found}


def _forgotten(connection: sqlite3.Connection) -> frozenset[str | bytes]:
    """Ids and pairs that the user had forgotten: a team's server may still have them."""
    found = connection.execute("SELECT id, pair FROM tombstones WHERE kind = 'example'").fetchall()
    return frozenset(value for row in found for value in row if value is not None)


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
