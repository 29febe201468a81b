"""The guard: looks at a suggestion before anyone sees it, and at a run before it teaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from runbook_ls.memory.examples import Example
from runbook_ls.shell import invisible, placeholders, risk, secrets, syntax
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import Position, Problem, Severity, Span


def check(text: str, *, known: str) -> tuple[Problem, ...]:
    """What is wrong with a shell command, whoever wrote it. Spans lie in `text`.

    `known` is what the user wrote: the intent and the document. A value that stands there is no placeholder.
    """
    return (
        *_syntax(text),
        *_placeholders(text, known),
        *_redacted(text),
        *_invisible(text),
        *_destructive(text),
    )


def check_suggestion(
    suggestion: Suggestion, *, known: str, examples: Sequence[Example], workspace: str
) -> tuple[Problem, ...]:
    """`check`, and whether every value can be traced: slots that could not be filled, values of the intent that
    found no place, and values that come from another workspace's example."""
    return check(suggestion.text, known=known) + tuple(_grounding(suggestion, examples, workspace))


def _syntax(text: str) -> Iterator[Problem]:
    for fault in syntax.parse(text).faults:
        yield Problem(
            "shell-syntax", Severity.ERROR, f"The shell cannot read this: {fault.message}.", fault.span
        )


def _placeholders(text: str, known: str) -> Iterator[Problem]:
    for found in placeholders.find(text):
        if found.text in known and found.kind == "word":
            continue
        span = span_of(text, found.start, found.end)
        if found.kind == "redirect":
            yield Problem(
                "placeholder-redirect",
                Severity.ERROR,
                f"Fill in {found.text}: as it stands the shell would read and overwrite files.",
                span,
            )
        else:
            yield Problem("placeholder", Severity.WARNING, f"Fill in {found.text}.", span)


def _redacted(text: str) -> Iterator[Problem]:
    for match in secrets.SLOT.finditer(text):
        yield Problem(
            "redacted-value",
            Severity.ERROR,
            f"Fill in {match.group()}: the secret that stood there was never stored.",
            span_of(text, match.start(), match.end()),
        )


def _invisible(text: str) -> Iterator[Problem]:
    for suspect in invisible.find(text):
        yield Problem(
            "invisible-character",
            Severity.ERROR,
            f"This is not what it looks like: {suspect.name} (U+{ord(suspect.character):04X}).",
            span_of(text, suspect.offset, suspect.offset + 1),
        )


def _destructive(text: str) -> Iterator[Problem]:
    for finding in risk.assess(text).findings:
        if finding.risk is risk.Risk.DESTRUCTIVE:
            yield Problem("destructive", Severity.WARNING, f"This destroys: {finding.reason}.", finding.span)


def _grounding(suggestion: Suggestion, examples: Sequence[Example], workspace: str) -> Iterator[Problem]:
    for slot in suggestion.slots:
        if not slot.grounded:
            yield Problem(
                "ungrounded",
                Severity.WARNING,
                f"The intent does not say what should stand for {slot.value}.",
                span_of(suggestion.text, slot.start, slot.end),
            )
    for value in suggestion.unused:
        yield Problem(
            "unused-value", Severity.WARNING, f'"{value}" of the intent was not used in this command.', None
        )
    foreign = next((e for e in examples if e.workspace and workspace and e.workspace != workspace), None)
    if foreign is not None:
        yield Problem(
            "other-workspace",
            Severity.WARNING,
            f"This was learned in {foreign.workspace}: check clusters, accounts and projects.",
            None,
        )


def span_of(text: str, start: int, end: int) -> Span:
    """The span of the code-point offsets `start` and `end` in `text`."""
    return Span(_position(text, start), _position(text, end))


def _position(text: str, offset: int) -> Position:
    line = text.count("\n", 0, offset)
    return Position(line, offset - (text.rfind("\n", 0, offset) + 1))
