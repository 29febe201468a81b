"""Which of many rules can find anything in a text, told by the words that they need."""

from __future__ import annotations

from collections.abc import Iterable

from runbook_ls.lint.rule import Rule


class Needs:
    """Rules, and the words that they need.

    `words`: a text without any of these has none that a rule needs; None if a rule needs none.
    """

    # Sets of rules are numbers: bit `i` stands for `rules[i]`.
    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        words: dict[str, int] = {}
        for number, rule in enumerate(self.rules):
            for word in rule.needs or ("",):
                words[word] = words.get(word, 0) | 1 << number
        telling = tuple(word for word in words if not any(other in word for other in words if other != word))
        self.words = None if "" in words else telling
        self._always = words.pop("", 0)
        self._plain = tuple((word, rules) for word, rules in words.items() if word.isascii())
        self._foreign = tuple((word, rules) for word, rules in words.items() if not word.isascii())
        self._chosen: dict[int, tuple[Rule, ...]] = {}

    def met_by(self, text: str) -> tuple[Rule, ...]:
        """The rules that may find something in `text`, in their order."""
        met = self._always
        for word, rules in self._plain:
            if word in text:
                met |= rules
        if self._foreign and not text.isascii():
            for word, rules in self._foreign:
                if word in text:
                    met |= rules
        try:
            return self._chosen[met]
        except KeyError:
            chosen = tuple(rule for number, rule in enumerate(self.rules) if met >> number & 1)
            return self._chosen.setdefault(met, chosen)
