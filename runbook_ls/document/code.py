"""The lines of a code block → `Code`."""

from __future__ import annotations

import re

from runbook_ls.document.attributes import read_info, read_myst_options
from runbook_ls.document.cell import Code
from runbook_ls.document.languages import is_runnable
from runbook_ls.document.lines import BOM
from runbook_ls.document.problems import misread_attributes
from runbook_ls.document.sessions import is_session
from runbook_ls.values import Problem

_BARE_QUOTE_MARK = re.compile(r">(?![ \t>])")


def read_code(
    fence: str,
    info: str,
    body: str,
    start: int,
    *,
    closed: bool,
    column: int,
    prefix: str,
    columns: tuple[int, ...],
    padding: tuple[int, ...],
) -> Code:
    """The code of a block whose opening `fence` ("" if it is indented) or first line is line `start` of its chunk.

    `columns` and `padding` have a number for each of its lines; the other arguments are what `Code` says of them.
    """
    read = read_info(info)
    attributes = read.attributes
    body_start = start + bool(fence)
    end = body_start + len(columns) - (not closed or not fence)
    if fence and read.style == "myst" and columns:
        lines = body.split("\n")
        options = read_myst_options(lines)
        attributes = {**attributes, **options}
        skipped = len(options)
        if options and lines[skipped:] and not lines[skipped].strip():
            skipped += 1
        body, columns, padding = "\n".join(lines[skipped:]), columns[skipped:], padding[skipped:]
        body_start += skipped
    problems: tuple[Problem, ...] = ()
    if read.flaw:
        problems = (misread_attributes(read.flaw, start, column + len(fence)),)
    runnable = not read.directive and is_runnable(
        read.language, attributes, unlabelled=not fence and not is_session(read.language, body)
    )
    return Code(
        kind="fence" if fence else "indented",
        fence=fence,
        info=info,
        language=read.language,
        attributes=attributes,
        body=body,
        given_name=attributes.get("name", ""),
        closed=closed,
        runnable=runnable,
        start_line=start,
        end_line=end,
        body_start_line=body_start,
        column=column,
        prefix=prefix,
        body_columns=columns,
        body_padding=padding if any(padding) else (),
        problems=problems,
    )


def continuation(line: str, column: int) -> str:
    """What a further line of the same container begins with: list markers blank, quote marks and tabs kept.

    A quote mark takes the blank after it, so each gets one.
    """
    if not column:
        return ""
    before = _BARE_QUOTE_MARK.sub("> ", line[:column].removeprefix(BOM))
    return "".join(character if character in ">\t" else " " for character in before)
