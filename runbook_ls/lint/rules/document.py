"""RB0: the markdown around the cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from runbook_ls.document.lines import line_ending, split_lines
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint import languages, spelling
from runbook_ls.lint.anchors import doubled_anchors
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.values import Fix, Related, Severity, Span, TextEdit


def stray_fence(runbook: Runbook) -> Iterator[Spot]:
    """RB002. It takes the place of RB001, which the parser reports for the same fence."""
    for cell in runbook.cells[-1:] if any(problem.code == "RB001" for problem in runbook.problems) else ():
        if cell.kind == "fence" and not cell.closed and not cell.info.strip() and cell.is_empty:
            line = split_lines(runbook.text)[cell.start_line]
            whole = Span.of(cell.start_line, 0, cell.start_line + 1, 0)
            alone = line.strip() == cell.fence
            fix = Fix("Remove this line", (TextEdit(whole, ""),)) if alone else None
            yield Spot(_marker(cell), "This fence closes nothing: every code block above is closed.", fix)


def missing_language(cell: Cell) -> Iterator[Spot]:
    """RB003."""
    code = cell.code
    if code.kind == "fence" and not code.language and not cell.is_empty:
        yield Spot(_marker(cell), "This cell does not say its language, so nothing can run it.")


def unknown_language(cell: Cell) -> Iterator[Spot]:
    """RB004."""
    word = cell.code.language
    if not word or cell.code.kind != "fence" or languages.is_known(word):
        return
    at = cell.info.lower().find(word)
    start = cell.column + len(cell.fence) + max(0, at)
    span = Span.of(cell.start_line, start, cell.start_line, start + len(word)) if at >= 0 else _marker(cell)
    meant = languages.nearest(word)
    if meant is not None:
        fix = Fix(f"Write {meant}", (TextEdit(span, meant),)) if at >= 0 else None
        yield Spot(span, f"Unknown language {word}; did you mean {meant}?", fix)
    elif cell.runnable:
        yield Spot(span, f"Unknown language {word}: no interpreter is known for it.", severity=Severity.INFO)


def unknown_attribute(cell: Cell) -> Iterator[Spot]:
    """RB008."""
    for name in cell.code.attributes:
        if name.lower() in _ATTRIBUTES or len(name) < 4:
            continue
        meant = spelling.nearest(name.lower(), tuple(_OURS_BY_LOWER))
        if meant is not None:
            yield Spot(_marker(cell), f"Unknown attribute {name}; did you mean {_OURS_BY_LOWER[meant]}?")


def swallowed_fence(cell: Cell) -> Iterator[Spot]:
    """RB009."""
    if cell.kind != "fence" or cell.fence not in cell.body:
        return
    for number, line in enumerate(cell.body.split("\n")):
        match = re.match(_OPENER, line)
        if match and match[1].startswith(cell.fence):
            span = cell.source_span(Span.of(number, match.start(1), number, len(line.rstrip())))
            yield Spot(span, "This fence opens nothing: the cell above it is still open.")
            return


def mixed_line_endings(runbook: Runbook) -> Iterator[Spot]:
    """RB010 and its fix: all as most are."""
    text = runbook.text
    if "\r" not in text or text.count("\r\n") == text.count("\n") == text.count("\r"):
        return
    lines = split_lines(text)
    counts = Counter(ending for line in lines if (ending := line_ending(line)))
    if len(counts) < 2:
        return
    usual = counts.most_common(1)[0][0]
    others = [number for number, line in enumerate(lines) if line_ending(line) not in ("", usual)]
    first = others[0]
    edits = tuple(
        TextEdit(Span.of(number, len(lines[number]) - len(line_ending(lines[number])), number + 1, 0), usual)
        for number in others
        if line_ending(lines[number]) != "\r"  # where a lone one was meant, nobody can tell
    )
    width = len(lines[first].rstrip("\r\n"))
    message = f"{len(others)} of {len(lines)} lines do not end as the others do ({_ENDING_NAMES[usual]})."
    fix = Fix("End all lines alike", edits) if edits else None
    yield Spot(Span.of(first, max(0, width - 1), first, width), message, fix)


def duplicate_anchor(runbook: Runbook) -> Iterator[Spot]:
    """RB011."""
    for first, anchor in doubled_anchors(runbook):
        span = Span.of(anchor.line, 0, anchor.line, anchor.width)
        message = f"The heading of line {first.line + 1} has the same anchor #{anchor.name}."
        other = Related(Span.of(first.line, 0, first.line, first.width), "The link leads here.")
        yield Spot(span, message, related=(other,))


_OPENER = r" {0,3}(`{3,}|~{3,})[ \t]*[A-Za-z][\w+-]*[ \t]*(?:\{.*\}[ \t]*)?$"
_ENDING_NAMES = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}

# Runme's (FEATURES) and this project's; then those of Docusaurus, MkDocs Material, Quarto and MyST.
_OURS = (
    "name", "id", "background", "interactive", "closeTerminalOnSuccess", "openTerminalOnError", "promptEnv",
    "excludeFromRunAll", "terminalRows", "mimeType", "interpreter", "cwd", "category", "tag", "transform", "ignore",
    "learn",
)  # fmt: skip
_OTHERS = (
    "class", "title", "linenums", "hl_lines", "showLineNumbers", "live", "filename", "file", "caption", "lines",
    "group", "lineno-start", "emphasize-lines", "label", "eval", "echo", "output", "include", "warning",
)  # fmt: skip
_ATTRIBUTES = frozenset(name.lower() for name in (*_OURS, *_OTHERS))
_OURS_BY_LOWER = {name.lower(): name for name in _OURS}


def _marker(cell: Cell) -> Span:
    """The opening marker with its info string."""
    width = len(cell.fence) + len(cell.info.rstrip())
    return Span.of(cell.start_line, cell.column, cell.start_line, cell.column + width)


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
        code="RB002",
        name="stray-fence",
        severity=Severity.ERROR,
        summary="A closing fence stands where no code block is open.",
        why="It opens a block instead: whatever is written below it becomes code.",
        bad="```sh\nuptime\n```\n\nDone.\n\n```\n",
        good="```sh\nuptime\n```\n\nDone.\n",
        runbook=stray_fence,
    ),
    Rule(
        code="RB003",
        name="missing-language",
        severity=Severity.WARNING,
        summary="A code block does not say its language.",
        why="Without a language no interpreter can be chosen; guessing is how output gets run as commands.",
        bad="```\nuptime\n```\n",
        good="```sh\nuptime\n```\n",
        cell=missing_language,
    ),
    Rule(
        code="RB004",
        name="unknown-language",
        severity=Severity.WARNING,
        summary="The language of a code block is misspelt or unknown.",
        why="The cell cannot be run, and most readers show it without colours.",
        bad="```shellseasion\n$ uptime\n```\n",
        good="```shellsession\n$ uptime\n```\n",
        cell=unknown_language,
    ),
    Rule(
        code="RB005",
        name="duplicate-name",
        severity=Severity.WARNING,
        summary="Two cells are given the same name.",
        why="`runbook-ls run FILE NAME` runs the first; the second is called NAME-2.",
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
    Rule(
        code="RB008",
        name="unknown-attribute",
        severity=Severity.WARNING,
        summary="An attribute of a cell is misspelt.",
        why="Nobody reads it, so the cell runs without it: in the foreground, in another directory, or at all.",
        bad="```sh {backgruond=true}\n./serve\n```\n",
        good="```sh {background=true}\n./serve\n```\n",
        cell=unknown_attribute,
    ),
    Rule(
        code="RB009",
        name="swallowed-fence",
        severity=Severity.WARNING,
        summary="A code block is opened inside another one of the same fence.",
        why="The closing fence above is missing: prose and commands between the two are one cell.",
        bad="```sh\nuptime\n\nThen look at the disks:\n\n```sh\ndf -h\n```\n",
        good="```sh\nuptime\n```\n\nThen look at the disks:\n\n```sh\ndf -h\n```\n",
        cell=swallowed_fence,
        needs=("```", "~~~"),
    ),
    Rule(
        code="RB010",
        name="mixed-line-endings",
        severity=Severity.WARNING,
        summary="Lines end in different ways.",
        why="Git, editors and shells disagree about such files, and a CR can end up in a command.",
        bad="# Title\r\n\nText\n",
        good="# Title\n\nText\n",
        runbook=mixed_line_endings,
    ),
    Rule(
        code="RB011",
        name="duplicate-anchor",
        severity=Severity.INFO,
        summary="Two headings have the same anchor.",
        why="A link leads to the first of them, whichever was meant.",
        bad="# Disk\n\n## Check\n\n## Check\n",
        good="# Disk\n\n## Check\n\n## Check again\n",
        runbook=duplicate_anchor,
    ),
    Rule(
        code="RB012",
        name="unused-ignore",
        severity=Severity.WARNING,
        summary="A comment silences a rule that nothing breaks.",
        why="It would hide the next problem of that kind, and tells the reader of one that is not there.",
        bad="<!-- runbook-ls: ignore RB104 -->\n\n```sh\nuptime\n```\n",
        good="```sh\nuptime\n```\n",
        unnecessary=True,
    ),
)
