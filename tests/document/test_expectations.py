"""Which block says what a cell prints, and which runbooks come first."""

from __future__ import annotations

import pytest

from runbook_ls.document import parse
from runbook_ls.document.expectations import expectation, expected_blocks
from runbook_ls.document.prerequisites import Prerequisite, prerequisites

CELL = "```sh\nls\n```\n"


@pytest.mark.parametrize(
    ("below", "line", "similarity", "pattern"),
    [
        ("\n```output\na\n```\n", 4, None, None),
        ("\n\n\n```output\na\n```\n", 6, None, None),
        ("\n<!-- expected_similarity=0.8 -->\n```json\n{}\n```\n", 5, 0.8, None),
        ("\nResults:\n\n<!-- expected_similarity=1 -->\n\n```\na\n```\n", 8, 1.0, None),
        ('\n<!--expected_similarity="Foo \\w+"-->\n```text\n```\n', 5, None, "Foo \\w+"),
    ],
)
def test_what_is_expected(below: str, line: int, similarity: float | None, pattern: str | None) -> None:
    runbook = parse(CELL + below)
    found = expectation(runbook, runbook.cells[0])

    assert found is not None
    assert (found.block.start_line, found.similarity, found.pattern, found.fault) == (
        line,
        similarity,
        pattern,
        "",
    )
    assert expected_blocks(runbook) == {line}


@pytest.mark.parametrize(
    "below",
    [
        "",
        "\ntext\n\n```output\n```\n",
        "\n```text\na\n```\n",
        "\n<!-- expected_similarity=0.8 -->\n",
        "\n<!-- a note -->\n```sh\nls\n```\n",
    ],
)
def test_what_is_not(below: str) -> None:
    runbook = parse(CELL + below)

    assert expectation(runbook, runbook.cells[0]) is None


@pytest.mark.parametrize(
    ("tag", "fault"),
    [
        ("expected_results=1.0", "expected_results is no tag; did you mean expected_similarity"),
        ("expected_similarity=much", "expected_similarity=much is no number from 0 to 1"),
        ("expected_similarity=80", "expected_similarity=80 is no number from 0 to 1"),
    ],
)
def test_a_comment_that_cannot_be_understood(tag: str, fault: str) -> None:
    runbook = parse(f"{CELL}\n<!-- {tag} -->\n```\na\n```\n")
    found = expectation(runbook, runbook.cells[0])

    assert found is not None
    assert found.fault == fault


def test_the_runbooks_that_come_first() -> None:
    runbook = parse(
        "---\ntag: x\n---\n# A\n\n[no](no.md)\n\n## Prerequisites:\n\n- [Install](../install%20it.md#here) and [again](../install%20it.md)\n"
        "- <https://x.y/z.md> [web](http://x.y/z.md) [code](x.sh)\n\n### More\n\n1. [`cluster`](cluster.markdown)\n\n## Then\n\n[no](no.md)\n"
    )
    assert prerequisites(runbook) == (
        Prerequisite("../install it.md", 9),
        Prerequisite("cluster.markdown", 14),
    )
    assert prerequisites(parse("# A\n\n[a](b.md)\n")) == ()
