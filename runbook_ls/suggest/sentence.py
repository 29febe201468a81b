"""The parts of an intent: each unit with the role that it plays in its sentence.

A light reading, not a parse: which words command, which nouns stand beside a value, which preposition or naming
word introduces it, on which side of an amount the values lie, and how much the grammar makes a word a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from runbook_ls.shell.kinds import QUANTITIES, Kind
from runbook_ls.shell.literals import Unit, units
from runbook_ls.suggest import language


@dataclass(frozen=True, slots=True)
class Part:
    """A unit of an intent with its role.

    `stem` compares plain words; `position` runs from 0 to 1 along the sentence. `is_grammar` marks words that only
    tie the others together, `is_verb` those that command an operation, `operations` which ones it can mean, and
    `is_object` those that the first verb acts on ("logs" in "show the logs of web"). `before` and `after` are the
    stems of the nouns beside it ("container" in "the container named X" and in "the X container"); `governor` is the
    preposition that introduces it, or "named". `side` is "more" or "less" for an amount that is a bound ("older than
    3 days", "in the last hour"). `name` (0 to 1) tells how much its grammar makes it a name rather than vocabulary.
    """

    index: int
    unit: Unit
    stem: str
    position: float
    is_grammar: bool = False
    is_verb: bool = False
    operations: frozenset[str] = frozenset()
    is_object: bool = False
    before: str = ""
    after: str = ""
    governor: str = ""
    side: str = ""
    name: float = 0.0


@lru_cache(maxsize=8192)
def parts(intent: str) -> tuple[Part, ...]:
    """The parts of `intent`, in order."""
    return tuple(_Reading(intent).parts())


_NONE: frozenset[str] = frozenset()
_BREAK = re.compile(r"[,;:.!?()\n]")
_TWO_WORDS = re.compile(r"([A-Za-z]{3,})/([a-z]{3,})")


class _Reading:
    """One reading of a sentence; the lists run along its units."""

    def __init__(self, intent: str) -> None:
        self.intent = intent
        self.units = _split_alternatives(units(intent), intent)
        self.words = [unit.value.lower() for unit in self.units]
        self.grammar = [
            unit.kind is Kind.WORD and word in language.GRAMMAR
            for unit, word in zip(self.units, self.words, strict=True)
        ]
        self.breaks = [True] + [
            b.start - a.end > 1 and _BREAK.search(intent, a.end, b.start) is not None
            for a, b in zip(self.units, self.units[1:], strict=False)
        ]
        self.verbs = self._verbs()
        self.objects = self._objects()

    def parts(self) -> list[Part]:
        last = max(1, len(self.units) - 1)
        return [
            Part(i, unit, self.words[i], i / last, is_grammar=True)
            if self.grammar[i]
            else self._part(i, unit, i / last)
            for i, unit in enumerate(self.units)
        ]

    def _part(self, i: int, unit: Unit, position: float) -> Part:
        before, governor = self._before(i)
        after = self._after(i)
        verb = self.verbs[i]
        particle = self.words[i + 1] if verb and i + 1 < len(self.words) else ""
        return Part(
            i,
            unit,
            language.stem(unit.value),
            position,
            is_verb=verb,
            operations=language.operations(self.words[i], particle) if verb else _NONE,
            is_object=i in self.objects,
            before=before,
            after=after,
            governor=governor,
            side=self._side(i) if unit.kind in QUANTITIES else "",
            name=self._name(i, before, after),
        )

    def _verbs(self) -> list[bool]:
        """The words that open a clause, if they are no values; past the first, only verbs of operations."""
        out = [False] * len(self.units)
        opening = True
        for i, unit in enumerate(self.units):
            word = self.words[i]
            if self.breaks[i] or word in language.CLAUSE_OPENERS or (word in {"to", "me"} and not any(out)):
                opening = True
            if word in language.DETERMINERS or word in language.QUANTIFIERS:
                opening = False
            if self.grammar[i] or word in language.CLAUSE_OPENERS or language.is_adverb(word):
                continue
            if opening and not unit.is_literal and (not any(out) or language.operations(word)):
                out[i] = True
            opening = False
        return out

    def _objects(self) -> frozenset[int]:
        """The plain words of the phrase behind the first verb, up to what is said about it; or behind "what is"."""
        found: set[int] = set()
        first = self.verbs.index(True) + 1 if True in self.verbs else len(self.units)
        if self.words[:1] == ["what"]:
            first = 2 if self.words[1:2] in (["is"], ["are"]) else 1
        for i in range(first, len(self.units)):
            word = self.words[i]
            if self.breaks[i] or self.verbs[i] or word in language.PHRASE_ENDS:
                break
            if not self.grammar[i] and not self.units[i].is_literal and not language.is_adverb(word):
                found.add(i)
        return frozenset(found)

    def _before(self, i: int) -> tuple[str, str]:
        """The noun to the left in the same phrase, and what introduces the phrase."""
        before = governor = ""
        nouns = 0
        j = i
        while j > 0 and not self.breaks[j] and i - j < 5:
            j -= 1
            word = self.words[j]
            if self.verbs[j] or self.units[j].is_literal:
                break
            if word in language.NAMING:
                governor = governor or "named"
                if word == "name":
                    break
            elif word in language.PREPOSITIONS:
                governor = governor or word
                break
            elif not self.grammar[j]:
                before = before or language.stem(word)
                nouns += 1
                if nouns == 2:
                    break
            elif word in {"and", "or"} and j == i - 1 and j:
                first_before, first_governor = self._before(j - 1)  # what is said of the first holds for both
                return before or first_before, governor or first_governor
            elif word not in language.DETERMINERS and word not in {"is", "are"}:
                break
        return before, governor

    def _after(self, i: int) -> str:
        """The noun directly to the right."""
        j = i + 1
        if j + 1 < len(self.units) and self.words[j] in {"and", "or"} and not self.breaks[j]:
            j += 2
        if j >= len(self.units) or self.breaks[j] or self.grammar[j] or self.units[j].is_literal:
            return ""
        return language.stem(self.words[j])

    def _side(self, i: int) -> str:
        found = ""
        for j in range(i, max(-1, i - 9), -1):
            word = self.words[j]
            if not found and i - j <= 4 and (word in language.MORE or word in language.LESS):
                found = "more" if word in language.MORE else "less"
            if found and word in {
                "not",
                "never",
                "no",
            }:  # "not used in the last 3 days" is longer ago than that
                return "less" if found == "more" else "more"
            if self.breaks[j]:
                break
        return found

    def _name(self, i: int, before: str, after: str) -> float:
        """English wants a determiner before a countable noun: a bare singular, or a noun set beside another, is a
        name."""
        if self.units[i].is_literal:
            return 1.0
        word = self.words[i]
        if self.verbs[i] or language.stem(word) in language.PATH_NOUNS:
            return 0.0
        previous = "" if self.breaks[i] else self.words[i - 1]
        if previous in language.NAMING or (
            previous in {"is", "of"} and i > 1 and self.words[i - 2] == "name"
        ):
            return 1.0
        if language.is_adverb(word):
            return 0.0
        if i + 1 < len(self.units) and self.units[i + 1].is_literal and not self.breaks[i + 1]:
            return 0.1  # it tells what the literal is: "commit 48434d2"
        if previous == "to" and language.operations(word):
            return 0.1  # an infinitive
        plural = word.endswith("s") and not word.endswith("ss")
        end = self.units[i].end
        if self.intent[end : end + 2] in {"'s", "’s"} and previous not in language.DETERMINERS:
            return 0.9
        if after:
            return 0.4 if plural else 0.6
        if previous in language.DETERMINERS or not previous:
            return 0.1
        if previous in language.PREPOSITIONS or self.verbs[i - 1]:
            return 0.4 if plural else 0.8
        if before and not self.grammar[i - 1]:
            return 0.5 if plural else 0.7
        return 0.2


def _split_alternatives(found: Sequence[Unit], intent: str) -> list[Unit]:
    """In "regular/normal files" the slash is an "or"; in "the image backend/otter" it is not."""
    out: list[Unit] = []
    for i, unit in enumerate(found):
        match = _TWO_WORDS.fullmatch(unit.text) if unit.kind is Kind.PATH else None
        after = found[i + 1] if i + 1 < len(found) else None
        noun_follows = (
            after is not None
            and after.kind is Kind.WORD
            and after.start == unit.end + 1
            and after.value.lower() not in language.GRAMMAR
        )
        if match and (noun_follows or language.stem(match[2]) in language.PATH_NOUNS):
            middle = unit.start + match.end(1)
            out.append(Unit(Kind.WORD, match[1], match[1], unit.start, middle))
            out.append(Unit(Kind.WORD, match[2], match[2], middle + 1, unit.end))
        else:
            out.append(unit)
    return out
