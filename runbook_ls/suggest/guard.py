"""The guard: looks at a suggestion before anyone sees it, and at a run before it teaches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from runbook_ls.memory.examples import Example
from runbook_ls.shell import invisible, placeholders, risk, secrets, syntax
from runbook_ls.shell.kinds import QUANTITIES, Kind
from runbook_ls.suggest import grounding
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import Fix, Position, Problem, Severity, Span, TextEdit


def check(text: str, *, known: str) -> tuple[Problem, ...]:
    """What is wrong with a shell command, whoever wrote it. Spans lie in `text`.

    `known` is what the user wrote: the intent and the document. A value that stands there is no placeholder.
    """
    looks = (_syntax(text), _placeholders(text, known), _redacted(text), _invisible(text), _destructive(text))
    return tuple(chain.from_iterable(islice(look, _MANY) for look in looks))


_MANY = 100  # of a kind: nobody reads on, and a text of nothing else would take seconds


def check_suggestion(
    suggestion: Suggestion,
    *,
    intent: str,
    document: str = "",
    examples: Sequence[Example] = (),
    workspace: str = "",
    is_program: Callable[[str], bool] | None = None,
) -> tuple[Problem, ...]:
    """`check`, and whether every value can be traced: slots that could not be filled, values of the intent that
    found no place, values that were invented or leaked from an example, and values that come from another
    workspace's example.

    `intent` and `document` are what the user wrote; `is_program` tells which programs can be found, None: not looked
    for.
    """
    return (
        *check(suggestion.text, known=f"{intent}\n{document}"),
        *_slots(suggestion),
        *_grounding(suggestion, intent, document, examples),
        *_foreign(suggestion, f"{intent}\n{document}", examples, workspace),
        *(_programs(suggestion.text, is_program) if is_program else ()),
    )


def programs(text: str) -> frozenset[str]:
    """The names of the programs and functions that a shell text runs, as far as it says them."""
    return frozenset(command.name for command in syntax.parse(text).commands if command.name)


def is_builtin(name: str) -> bool:
    """Whether bash itself has this command."""
    return name in _BUILTINS


# `compgen -b` and `compgen -k` of bash 5.2
_BUILTINS = frozenset(
    """
    . : [ alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo
    enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf
    pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit
    umask unalias unset wait if then else elif fi case esac for select while until do done in function time { } ! [[ ]]
    coproc
    """.split()
)


def _syntax(text: str) -> Iterator[Problem]:
    stand_ins = islice((p for p in placeholders.find(text) if p.kind == "redirect"), _MANY)
    redirects = [span_of(text, p.start, p.end) for p in stand_ins]
    for fault in syntax.parse(text).faults:
        if any(fault.span.start <= span.end and span.start <= fault.span.end for span in redirects):
            continue  # it is told as what it is
        yield Problem(
            "shell-syntax", Severity.ERROR, f"The shell cannot read this: {fault.message}.", fault.span
        )


def _placeholders(text: str, known: str) -> Iterator[Problem]:
    for found in placeholders.find(text):
        if found.kind != "redirect" and _stands_in(found.text, known):
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


def _stands_in(value: str, known: str) -> bool:
    """Whether the user wrote it: as it is, not as part of a longer name."""
    return re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", known) is not None


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
            _replaced(text, suspect.offset, suspect.offset + 1, suspect.looks_like),
        )


def _destructive(text: str) -> Iterator[Problem]:
    for finding in risk.assess(text).findings:
        if finding.risk is risk.Risk.DESTRUCTIVE:
            yield Problem("destructive", Severity.WARNING, f"This destroys: {finding.reason}.", finding.span)


def _slots(suggestion: Suggestion) -> Iterator[Problem]:
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


def _grounding(
    suggestion: Suggestion, intent: str, document: str, examples: Sequence[Example]
) -> Iterator[Problem]:
    text = suggestion.text
    decided = [(slot.start, slot.end) for slot in suggestion.slots]
    decided += [match.span() for match in secrets.SLOT.finditer(text)]
    decided += [(found.start, found.end) for found in placeholders.find(text)]
    decided += [(suspect.offset, suspect.offset + 1) for suspect in invisible.find(text)]
    for value in grounding.loose_values(
        text, known=f"{intent}\n{document}", examples=examples, settled=decided
    ):
        instead = grounding.candidates_for(value, intent, text)
        fix = _replaced(text, value.start, value.end, instead[0]) if len(instead) == 1 else None
        span = span_of(text, value.start, value.end)
        if value.leaked_from is not None:
            message = f"{value.text} comes from the example “{value.leaked_from.intent}”; neither the intent nor the runbook has it."  # fmt: skip
            yield Problem("leaked-value", Severity.WARNING, message, span, fix)
        else:
            severity = Severity.INFO if value.kind in QUANTITIES else Severity.WARNING
            kind = "name" if value.kind in (Kind.WORD, Kind.TEXT) else value.kind.value
            message = f"The {kind} {value.text} stands neither in the intent nor in the runbook: check it."
            yield Problem("invented-value", severity, message, span, fix)


def _foreign(
    suggestion: Suggestion, known: str, examples: Sequence[Example], workspace: str
) -> Iterator[Problem]:
    """What comes from another workspace. Analogy uses its first example whole; of those that a model was shown it may
    have used none, so there it is the values that tell."""
    foreign = [e for e in examples if e.workspace and workspace and e.workspace != workspace]
    if not foreign:
        return
    message = f"This was learned in {foreign[0].workspace}: check clusters, accounts and projects."
    if suggestion.generator == "analogy":
        yield Problem("other-workspace", Severity.WARNING, message, None)
        return
    text, own = suggestion.text, [example for example in examples if example not in foreign]
    explained = {
        (value.start, value.end) for value in grounding.loose_values(text, known=known, examples=examples)
    }
    for value in grounding.loose_values(text, known=known, examples=own):
        if (value.start, value.end) not in explained:
            span = span_of(text, value.start, value.end)
            yield Problem("other-workspace", Severity.WARNING, f"{value.text}: {message}", span)


def _programs(text: str, is_program: Callable[[str], bool]) -> Iterator[Problem]:
    parsed = syntax.parse(text)
    known = {function.name for function in parsed.functions}
    for command in parsed.commands:
        name = command.name
        if name is None or name in known or "/" in name or is_builtin(name) or is_program(name):
            continue
        known.add(name)
        yield Problem(
            "not-on-path",
            Severity.INFO,
            f"{name} is not on PATH: install it, or run this where it is.",
            command.words[0].span,
        )


def _replaced(text: str, start: int, end: int, new: str) -> Fix:
    old = text[start:end]
    title = f"Write {new} for {old}" if new.strip() else f"Remove U+{ord(old[0]):04X}"
    return Fix(title, (TextEdit(span_of(text, start, end), new),))


def span_of(text: str, start: int, end: int) -> Span:
    """The span of the code-point offsets `start` and `end` in `text`."""
    return Span(_position(text, start), _position(text, end))


def _position(text: str, offset: int) -> Position:
    line = text.count("\n", 0, offset)
    return Position(line, offset - (text.rfind("\n", 0, offset) + 1))
