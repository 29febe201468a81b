"""What the pattern calls sound, bash reads; and most cells of real runbooks are."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.document.languages import SHELLS
from runbook_ls.lint.external import ask_bash, find_bash
from runbook_ls.shell.sound import is_sound
from tests.document.cases import SHARED
from tests.document.texts import examples

_PIECES = st.sampled_from(
    (
        *(
            "ls",
            "-l",
            "a",
            "2",
            "if",
            "fi",
            "in",
            "done",
            "A=1",
            "$X",
            "${X:-y z}",
            "${X[@]}",
            "$(",
            ")",
            '"',
            "'",
            "\\",
        ),
        *(
            "\n",
            " ",
            " ",
            "\t",
            "\\\n",
            "|",
            "||",
            "&&",
            "&",
            ";",
            ">",
            ">>",
            "<",
            "<<<",
            "<<E",
            ">&2",
            "2>&1",
            "&>",
        ),
        *("#", " # why", "{", "}", "{}", "(", "*", "~", "!", "=", "$", "`", "[", "]", "é", "$'", "$(("),
    )
)


@pytest.mark.skipif(find_bash() is None, reason="needs bash")
@examples(300)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_bash_reads_what_is_sound(text: str) -> None:
    if is_sound(text):
        assert ask_bash(find_bash() or "", text) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "\n# why\n", "ls -l | grep x && echo done", 'A=1 B="$X/y" ./run.sh {} *.md', "make 2>&1 | tee log &", "cat < f > g",
        'X="$(git log | head -n 1)"\necho "${X:-none}" # the last one\n', "ls \\\n  -l\n", "a &&\n  b", "wc -l <<< $X", "echo a#b",
    ],
)  # fmt: skip
def test_sound(text: str) -> None:
    assert is_sound(text)


@pytest.mark.parametrize(
    "text",
    [
        "if true", "a &&", "| a", "a ;; b", 'echo "open', "echo 'open", "echo $(date", "(ls", "ls >", "ls > 2>&1", "f() { ls; }",
        "for x in a; do b; done", "cat <<END\nx\nEND", "ls )", "x=(1 2)", "echo `date`", "echo \\;#'", "time ls", "$(a # )", "ls \\",
    ],
)  # fmt: skip
def test_not_told(text: str) -> None:
    assert not is_sound(text)


def test_no_text_makes_it_slow() -> None:
    for part in ("a ", '"$x" ', "a12>b ", "$(a b) ", "\\\n  ", "\\\\", "# x\n", "${x:-y} ", "a | "):
        assert not is_sound(f"{part * 5_000})")


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="needs ../shared/corpus")
@pytest.mark.skipif(find_bash() is None, reason="needs bash")
def test_most_cells_of_the_corpus_are_sound() -> None:
    bodies = [
        cell.body
        for path in sorted((SHARED / "corpus").rglob("*.md"))
        for cell in parse(path.read_bytes().decode()).cells
        if cell.language in SHELLS
    ]
    sound = [body for body in bodies if is_sound(body)]
    assert len(sound) > len(bodies) / 2
    told = subprocess.run(
        ["bash", "--norc", "-n"], input="\n:\n".join(sound).encode(), capture_output=True, check=False
    )
    assert told.stderr == b""
