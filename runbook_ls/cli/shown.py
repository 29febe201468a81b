"""Text of a runbook, a file name or the journal as a terminal may show it: nothing in it moves the cursor, writes the
clipboard, or looks like what it is not. Programs read `--json`, where all is as it was."""

from __future__ import annotations

from pathlib import Path

from runbook_ls.shell.invisible import escape


def line(text: str) -> str:
    """`text` on one line: line ends, control, bidirectional and invisible characters are written out."""
    return escape(text).replace("\r", "\\x0d").replace("\n", "\\n")


def lines(text: str) -> str:
    """`text` with its line ends; what else a terminal would obey is written out."""
    return escape(text)


def path(file: str) -> str:
    """The path from the working directory, where it is inside."""
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except ValueError:
        return file
