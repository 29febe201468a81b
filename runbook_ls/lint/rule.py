"""What a lint rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import Commands
from runbook_ls.values import Fix, Related, Severity, Span


class Spot(NamedTuple):
    """One place where a rule is broken: a span, one sentence, a safe fix if there is one.

    `severity` replaces the rule's own where one case is better or worse than the rest.
    """

    span: Span
    message: str
    fix: Fix | None = None
    severity: Severity | None = None
    related: tuple[Related, ...] = ()


class Mark(NamedTuple):
    """The same in a passage of prose: code points `start` up to `end` of its markdown."""

    start: int
    end: int
    message: str


class Rule(NamedTuple):
    """A rule: what it is called, why it is there, and how it finds what is wrong.

    `code` is stable; `summary` and `why` are sentences for `runbook-ls rule`, `bad` and `good` are runbooks.

    A rule has one way of looking, or none where `document.parse` reports the problem itself. `cell` gets a code
    block that stands alone, without name, intent and headings; `shell` gets one that holds commands to run, with
    them; `prose` gets the markdown of a paragraph, an item or a heading: these are asked again only when that part
    of the text changes. `runbook` gets the whole at every keystroke, and must be quick. Spans are in the lines and
    columns of what the rule got: a cell's own, the text's.

    Where only the whole runbook can tell what the spots in its parts are worth, `confirm` gets them all, in order and
    in the text's lines, and says what is wrong; it is not asked if there are none.

    `needs`: words (in exactly these letters, no blanks) of which the body of the cell or the prose must have one for
    the rule to find anything in it. Most texts have none, and looking for a word costs a hundredth of asking the rule.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    bad: str
    good: str
    cell: Callable[[Cell], Iterable[Spot]] | None = None
    shell: Callable[[Cell, Commands], Iterable[Spot]] | None = None
    prose: Callable[[str], Iterable[Mark]] | None = None
    runbook: Callable[[Runbook], Iterable[Spot]] | None = None
    confirm: Callable[[Runbook, Sequence[Spot]], Iterable[Spot]] | None = None
    needs: tuple[str, ...] = ()
    default: bool = True  # False: only when selected
    unnecessary: bool = False  # True: what it finds could go; editors fade it
