"""Which program runs a cell, and what is said where there is none."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from runbook_ls.execute.interpreters import KNOWN, LANGUAGES, is_known, is_shell_language, resolve
from runbook_ls.values import RunbookError


@pytest.fixture
def programs(tmp_path: Path) -> str:
    """A PATH with one empty program of each name that any interpreter looks for."""
    for known in KNOWN.values():
        for name in known.programs:
            (tmp_path / name).write_text("#!/bin/sh\n")
            (tmp_path / name).chmod(0o755)
    return str(tmp_path)


@pytest.mark.parametrize(
    ("language", "options", "word", "program"),
    [
        ("bash", {}, "bash", "bash"),
        ("sh", {}, "bash", "bash"),
        ("shell", {}, "bash", "bash"),
        ("console", {}, "bash", "bash"),
        ("zsh", {}, "zsh", "zsh"),
        ("fish", {}, "fish", "fish"),
        ("py", {}, "python", "python3"),
        ("js", {}, "node", "node"),
        ("ts", {}, "typescript", "tsx"),
        ("rb", {}, "ruby", "ruby"),
        ("powershell", {}, "pwsh", "pwsh"),
        ("sh", {"shell": "zsh"}, "zsh", "zsh"),
        ("sh", {"shell": "/bin/zsh"}, "zsh", "zsh"),
        ("sh", {"shell": "sh"}, "sh", "sh"),
        ("python", {"shell": "zsh"}, "python", "python3"),
        ("sh", {"interpreter": "python3"}, "python", "python3"),
        ("sh", {"interpreter": "ruby", "shell": "zsh"}, "ruby", "ruby"),
        ("sh", {"body": "#!/usr/bin/env python3\nprint(1)"}, "python", "python3"),
        ("sh", {"body": "#!/usr/bin/env -S node --x\n"}, "node", "node"),
        ("", {"body": "#!/bin/dash\n"}, "dash", "dash"),
        ("py", {"body": "#!/usr/bin/python3.11\n"}, "python", "python3"),
        ("sh", {"interpreter": "dash", "body": "#!/bin/zsh"}, "dash", "dash"),
    ],
)
def test_who_runs_a_cell(programs: str, language: str, options: dict[str, str], word: str, program: str):
    found = resolve(language, path=programs, **options)

    assert (found.word, Path(found.program).name) == (word, program)
    assert os.path.isabs(found.program)


@pytest.mark.parametrize(
    ("language", "options", "message"),
    [
        (
            "kubctl",
            {},
            r'unknown language "kubctl" in cell deploy \(line 14\): no interpreter; did you mean "sh"\?',
        ),
        ("pythn", {}, r"did you mean \"python\"\?"),
        ("bassh", {}, r"did you mean \"bash\"\?"),
        ("frobnicate", {}, "write one after the fence, such as `sh`"),
        ("", {}, r"cell deploy \(line 14\) has no language: no interpreter"),
        ("sh", {"interpreter": "cat"}, 'unknown interpreter "cat"'),
        ("sh", {"interpreter": "./evil"}, "unknown interpreter"),
        ("sh", {"shell": "python"}, 'unknown shell "python"'),
        ("sh", {"shell": "/tmp/evil/sh -c"}, "unknown shell"),
        ("sh", {"body": "#!/bin/cat\n"}, "unknown shebang"),
    ],
)
def test_unknown_words_are_named(programs: str, language: str, options: dict[str, str], message: str):
    with pytest.raises(RunbookError) as raised:
        resolve(language, path=programs, where="cell deploy (line 14)", **options)

    assert re.search(message, str(raised.value))


def test_a_missing_program_says_what_was_looked_for_and_how_to_get_it(tmp_path: Path):
    with pytest.raises(
        RunbookError, match=r'looked for "tsx" or "ts-node" or "deno" or "bun" on PATH; install tsx'
    ):
        resolve("ts", path=str(tmp_path), where="cell x (line 3)")


def test_a_machine_without_bash_runs_sh_cells_with_sh(tmp_path: Path):
    (tmp_path / "sh").write_text("#!/bin/sh\n")
    (tmp_path / "sh").chmod(0o755)

    assert resolve("sh", path=str(tmp_path)).word == "sh"
    assert resolve("sh", path=str(tmp_path)).carries == "posix"


def test_a_runbook_cannot_name_a_program_by_path(programs: str, tmp_path: Path):
    evil = tmp_path / "evil"
    evil.mkdir()
    (evil / "bash").write_text("#!/bin/sh\n")
    (evil / "bash").chmod(0o755)

    assert resolve("sh", interpreter=f"{evil}/bash", path=programs).program == f"{programs}/bash"


def test_nothing_is_ever_handed_to_cat():
    assert all("cat" not in known.programs for known in KNOWN.values())
    assert set(LANGUAGES.values()) <= set(KNOWN)


def test_languages_are_told_apart():
    assert is_known("sh")
    assert not is_known("mermaid")
    assert is_shell_language("console")
    assert not is_shell_language("python")
