"""What of a shell cell is commands."""

from __future__ import annotations

import pytest

from runbook_ls.lint.commands import commands_of


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("kubectl get pods\nNAME   READY\nweb    1/1\n", (1, 2)),
        ("NAME\tREADY  AGE\n", (0,)),
        ("FOO  b\n", ()),
        ("\n\nerror: no such pod\n", (2,)),
        ("cat <<END\nNAME   READY\nEND\n", ()),
    ],
)
def test_printed_lines(body: str, printed: tuple[int, ...]) -> None:
    commands = commands_of("sh", body)
    assert commands is not None
    assert commands.printed == printed


def test_what_is_nearly_a_table_is_told_at_once() -> None:
    assert commands_of("sh", "A" + "  B" * 20_000 + "x") is not None


def test_blank_lines_are_passed_over_at_once() -> None:
    assert commands_of("sh", "x" + " \n" * 20_000) is not None
