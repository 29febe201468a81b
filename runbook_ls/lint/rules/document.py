"""RB0: the markdown around the cells."""

from __future__ import annotations

from collections.abc import Iterator

from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint import languages
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.values import Fix, Severity, Span, TextEdit


def missing_language(runbook: Runbook) -> Iterator[Spot]:
    """RB003."""
    for cell in runbook.cells:
        if cell.kind == "fence" and not cell.language and not cell.is_empty:
            yield Spot(_marker(cell), "this cell does not say its language, so nothing can run it")


def unknown_language(runbook: Runbook) -> Iterator[Spot]:
    """RB004."""
    for cell in runbook.cells:
        word = cell.language
        if not word or cell.kind != "fence" or languages.is_known(word):
            continue
        span = _language_span(cell, runbook)
        meant = languages.nearest(word)
        if meant is None:
            if cell.runnable:
                yield Spot(span, f'no reader of markdown knows the language "{word}"', severity=Severity.INFO)
            continue
        fix = Fix(f'Write "{meant}"', (TextEdit(span, meant),)) if _length(span) == len(word) else None
        yield Spot(span, f'unknown language "{word}"; did you mean "{meant}"?', fix)


def _marker(cell: Cell) -> Span:
    """The opening marker with its info string."""
    width = len(cell.fence) + len(cell.info.rstrip())
    return Span.of(cell.start_line, cell.column, cell.start_line, cell.column + width)


def _language_span(cell: Cell, runbook: Runbook) -> Span:
    from runbook_ls.document.lines import split_lines

    line = split_lines(runbook.text)[cell.start_line]
    at = line.lower().find(cell.language, cell.column)
    return (
        Span.of(cell.start_line, at, cell.start_line, at + len(cell.language)) if at >= 0 else _marker(cell)
    )


def _length(span: Span) -> int:
    return span.end.column - span.start.column


RULES = (
    Rule(
        code="RB001",
        name="unclosed-fence",
        severity=Severity.ERROR,
        summary="A code block is opened and never closed.",
        why="Everything up to the end of the file becomes code, and running the cell would run the prose too.",
        bad="```sh\nuptime\n",
        good="```sh\nuptime\n```\n",
    ),
    Rule(
        code="RB003",
        name="missing-language",
        severity=Severity.WARNING,
        summary="A code block does not say its language.",
        why="Without a language no interpreter can be chosen; guessing is how output gets run as commands.",
        bad="```\nuptime\n```\n",
        good="```sh\nuptime\n```\n",
        runbook=missing_language,
    ),
    Rule(
        code="RB004",
        name="unknown-language",
        severity=Severity.WARNING,
        summary="The language of a code block is misspelt or unknown.",
        why="The cell cannot be run, and most readers show it without colours.",
        bad="```shellseasion\n$ uptime\n```\n",
        good="```shellsession\n$ uptime\n```\n",
        runbook=unknown_language,
    ),
    Rule(
        code="RB005",
        name="duplicate-name",
        severity=Severity.WARNING,
        summary="Two cells have the same name.",
        why="`runbook-ls run FILE NAME` runs the first; the second is silently called NAME-2.",
        bad="```sh {name=check}\nuptime\n```\n\n```sh {name=check}\ndf -h\n```\n",
        good="```sh {name=check}\nuptime\n```\n\n```sh {name=disk}\ndf -h\n```\n",
    ),
    Rule(
        code="RB006",
        name="misread-attributes",
        severity=Severity.WARNING,
        summary="Tools read the attributes of this cell differently.",
        why="Runme and others keep quotes and commas in values, or cut them: a name or a directory is then another.",
        bad='```sh {name="check disk", cwd=/srv}\ndf -h\n```\n',
        good="```sh {name=check-disk cwd=/srv}\ndf -h\n```\n",
    ),
    Rule(
        code="RB007",
        name="broken-front-matter",
        severity=Severity.ERROR,
        summary="The front matter cannot be read.",
        why="Its settings (shell, directory, inputs) would silently not apply.",
        bad="---\nshell: [bash\n---\n",
        good="---\nshell: bash\n---\n",
    ),
)
