"""What is told of programs at a glance is what a reading of the commands says."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.lint.commands import commands_to_run
from runbook_ls.lint.rules import practice
from tests.document.texts import examples

_PIECES = st.sampled_from(
    (
        *("vim", "top", "psql", "python3", "bash", "sh", "ash", "ssh", "less", "node"),
        *("sudo", "doas", "kubectl", "oc", "docker", "exec", "run", "edit", "git", "rebase", "add"),
        *(
            "-it",
            "-t",
            "-i",
            "-p",
            "--tty",
            "--stdin",
            "--interactive",
            "-c",
            "a",
            "a/b",
            "/bin/",
            "./",
            "~/",
        ),
        *(
            "A=1",
            "A=",
            "if",
            "then",
            "fi",
            "case x in\nx)",
            ";;\nesac",
            "time",
            "!",
            "f()",
            "{",
            "}",
            "(",
            ")",
            "$(",
            "`",
        ),
        *(
            " ",
            " ",
            " ",
            "\t",
            "\n",
            "\n",
            "\\\n",
            "\\",
            '"',
            "'",
            "$'",
            "$",
            ";",
            "|",
            "&&",
            "<",
            ">",
            "<<<",
        ),
        *(":", "=", ",", "@", "%", "+", "-", ".", "#", "*", "[", "]", "é"),
    )
)
_LINES = st.lists(_PIECES, max_size=8).map(lambda pieces: "".join(pieces))
_COMMANDS = st.lists(_PIECES, max_size=8).map(lambda pieces: " ".join(pieces))


@given(st.lists(_LINES | _COMMANDS, min_size=1, max_size=3).map(lambda lines: "\n".join(lines)))
@example('"vim" x')
@example("/usr/bin/vim x")
@example("case x in\nx)vim a;;\nesac")
@example("A=1 vim x")
@example("a $(vim x)")
@example("docker run -t'ty' a /bin/ash")
@example("kubectl exec a '--stdin' \\\n sh")
@examples(800)
def test_no_program_that_asks_is_missed_at_a_glance(text: str) -> None:
    cell = next(iter(parse(f"```sh\n{text}\n```\n").cells), None)
    commands = commands_to_run(cell) if cell else None
    if cell is None or commands is None:
        return
    told = list(practice.interactive_program(cell, commands))
    with patch.object(practice, "_may_be_interactive", lambda _: True):
        assert list(practice.interactive_program(cell, commands)) == told
