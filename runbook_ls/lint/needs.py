"""Which of many rules can find anything in a text, told by the words that they need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from runbook_ls.lint.rule import Rule


@dataclass(frozen=True, slots=True)
class Needs:
    """Rules, and the words that they need. Sets of rules are numbers: bit `i` stands for `rules[i]`.

    `words`: a text without any of these has none that a rule needs; None if a rule needs none.
    """

    rules: tuple[Rule, ...]
    words: tuple[str, ...] | None
    _always: int
    _words: tuple[tuple[str, int], ...]
    _foreign: tuple[tuple[str, int], ...]  # words that no ASCII text has
    _chosen: dict[int, tuple[Rule, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Needs:
        """What these rules need."""
        chosen = tuple(rules)
        words: dict[str, int] = {}
        for number, rule in enumerate(chosen):
            for word in rule.needs or ("",):
                words[word] = words.get(word, 0) | 1 << number
        always = words.pop("", 0)
        plain = tuple((word, rules) for word, rules in words.items() if word.isascii())
        foreign = tuple((word, rules) for word, rules in words.items() if not word.isascii())
        telling = tuple(word for word in words if not any(other in word for other in words if other != word))
        return cls(chosen, None if always else telling, always, plain, foreign)

    def met_by(self, text: str) -> tuple[Rule, ...]:
        """The rules that may find something in `text`, in their order."""
        met = self._always
        for word, rules in self._words:
            if word in text:
                met |= rules
        for word, rules in () if text.isascii() else self._foreign:
            if word in text:
                met |= rules
        known = self._chosen.get(met)
        if known is None:
            known = tuple(rule for number, rule in enumerate(self.rules) if met >> number & 1)
            self._chosen[met] = known
        return known
