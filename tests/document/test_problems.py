"""The fixes of RB001; RB005. RB006 and RB007 are in test_attributes and test_front_matter."""

from __future__ import annotations

import pytest

from runbook_ls.document import parse
from runbook_ls.document.lines import apply_edits

CLOSED = [
    ("```sh\none", "```sh\none\n```"),
    ("```sh\r\none\r\n\r\n", "```sh\r\none\r\n```\r\n\r\n"),
    ("```sh  ", "```sh  \n```"),
    ("- ~~~~\n  one\n\ntext\n", "- ~~~~\n  one\n  ~~~~\n\ntext\n"),
    ("> ```sh\n> one\ntext\n", "> ```sh\n> one\n> ```\ntext\n"),
]


@pytest.mark.parametrize(("text", "fixed"), CLOSED)
def test_an_unclosed_fence_is_closed(text: str, fixed: str) -> None:
    (problem,) = parse(text).problems
    assert problem.code == "RB001"
    assert problem.fix is not None
    assert apply_edits(text, problem.fix.edits) == fixed
    assert not parse(fixed).problems


@pytest.mark.parametrize("text", ["```sh\none\n\n# Title\n", "```sh\none\n```bash\ntwo\n"])
def test_no_fix_where_the_end_is_in_doubt(text: str) -> None:
    (problem,) = parse(text).problems
    assert problem.fix is None


def test_a_name_given_twice() -> None:
    (problem,) = parse("```sh {name=a}\n```\n\n```sh {name=a}\n```\n").problems
    assert problem.message == "The name a is taken by the cell in line 1; this one is called a-2."
