"""Which rules are on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Rules by code (`RB104`), family (`RB1`) or name (`shell-prompt`).

    An empty `select` stands for the rules that are on by default; `extend` adds to them. The longer match wins
    between what is selected and what is ignored.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend: tuple[str, ...] = ()
