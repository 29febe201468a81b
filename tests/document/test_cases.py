"""What parsing finds, case by case: see fixtures/document. Cases are added there, without writing Python."""

from __future__ import annotations

import pytest

from runbook_ls.document import parse
from tests.document.cases import Case, intents, read_cases, summary


@pytest.mark.parametrize(
    "case",
    [case for name in ("cells", "containers", "attributes") for case in read_cases(name)],
    ids=lambda c: c.title,
)
def test_cells(case: Case) -> None:
    assert summary(parse(case.text, case.flavour)) == case.expected


@pytest.mark.parametrize("case", read_cases("intents"), ids=lambda case: case.title)
def test_intents(case: Case) -> None:
    assert intents(parse(case.text, case.flavour)) == case.expected
