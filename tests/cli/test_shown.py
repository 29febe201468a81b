"""What a runbook, a file name or the journal holds reaches a terminal as text: it moves no cursor, writes no clipboard
and forges no line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runbook_ls.cli import shown

from .conftest import Cli

CLIPBOARD = "\x1b]52;c;ZXZpbA==\x07"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
NAME = f"na{CLIPBOARD}me\u202e"
RUNBOOK = f"""\
Say {CLIPBOARD} it \u202e

```sh {{name="{NAME}"}}
echo hi # {CLIPBOARD}
```

```sh {{name=lost cwd="nowhere{CLIPBOARD}"}}
echo hi # {CLIPBOARD}
```

```la{CLIPBOARD}ng {{name=unknown}}
x
```

```sh {{name=late timeout="3{CLIPBOARD}"}}
ls
```

```sh {{name=writes}}
echo > a{CLIPBOARD}
```
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text(RUNBOOK)
    (tmp_path / f"f{CLIPBOARD}.md").write_text("Remove\n\n```sh\nrm -rf $X/\n```\n")
    return tmp_path


@pytest.mark.parametrize(
    "commands",
    [
        ["ls"],
        ["lint"],
        ["lint --statistics"],
        ["learn ."],
        ["run a.md 1", "history", "history --format md"],
        ["run a.md 1 --json"],
        ["run a.md 1 --dry-run"],
        ["run a.md lost"],
        ["run a.md unknown"],
        ["run a.md late"],
        ["run a.md nam"],
        ["run a.md writes --dry-run"],
        ["suggest --in a.md:4 it"],
    ],
)
def test_no_command_passes_on_what_a_terminal_obeys(cli: Cli, folder: Path, commands: list[str]) -> None:
    for command in commands:
        done = cli(*command.split(), cwd=folder)
        assert done.stdout + done.stderr
        told = done.stderr if "--json" in command else done.stdout + done.stderr
        assert not OBEYED.search(told), told


def test_a_run_is_shown_as_it_was_without_being_obeyed(cli: Cli, folder: Path) -> None:
    cli("run", "a.md", "1", cwd=folder)
    run_id = cli("history").stdout.split()[0]
    told = cli("show", run_id).stdout
    assert "echo hi # \\x1b]52;c;ZXZpbA==\\x07" in told
    assert not OBEYED.search(told)


@pytest.mark.parametrize(
    ("text", "line", "lines"),
    [
        ("plain — «ünïcode» 日本", "plain — «ünïcode» 日本", "plain — «ünïcode» 日本"),
        ("a\nrunbook-ls: all is well", "a\\nrunbook-ls: all is well", "a\nrunbook-ls: all is well"),
        ("rm x\rls\r\n", "rm x\\x0dls\\x0d\\n", "rm x\\x0dls\r\n"),
        ("\x9b2J\u2028", "\\x9b2J\\u2028", "\\x9b2J\\u2028"),
    ],
)
def test_what_is_shown(text: str, line: str, lines: str) -> None:
    assert (shown.line(text), shown.lines(text)) == (line, lines)
