"""Which of many rules can find anything in a text, told by the words that they need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from runbook_ls.lint.rule import Rule


@dataclass(frozen=True, slots=True)
class Needs:
    """Rules, and the words that they need. Sets of rules are numbers: bit `i` stands for `rules[i]`."""

    rules: tuple[Rule, ...]
    _always: int
    _words: tuple[tuple[str, int], ...]
    _chosen: dict[int, tuple[Rule, ...]] = field(default_factory=dict)
    _among: dict[int, Needs] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Needs:
        """What these rules need."""
        chosen = tuple(rules)
        words: dict[str, int] = {}
        for number, rule in enumerate(chosen):
            for word in rule.needs:
                words[word] = words.get(word, 0) | 1 << number
        always = sum(1 << number for number, rule in enumerate(chosen) if not rule.needs)
        return cls(chosen, always, tuple(words.items()))

    def met_by(self, text: str) -> tuple[Rule, ...]:
        """The rules that may find something in `text`, in their order."""
        met = self._met(text)
        known = self._chosen.get(met)
        if known is None:
            known = tuple(rule for number, rule in enumerate(self.rules) if met >> number & 1)
            self._chosen[met] = known
        return known

    def among(self, text: str) -> Needs:
        """The same for those rules that may find something in a part of `text`."""
        met = self._met(text)
        known = self._among.get(met)
        if known is None:
            known = self._among[met] = Needs.of(self.met_by(text))
        return known

    def _met(self, text: str) -> int:
        met = self._always
        for word, rules in self._words:
            if word in text:
                met |= rules
        return met
