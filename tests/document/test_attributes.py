"""Info strings: see fixtures/document/attributes.md for what is read; here, what is said about it, and writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.document.attribute_writing import write_attributes
from runbook_ls.document.attributes import read_info
from runbook_ls.document.lines import apply_edits
from runbook_ls.values import Severity
from tests.document.texts import examples

FLAWS = [
    # info string, why, what the fix writes
    ('sh {name="two words"}', "quotes are kept as part of the values", 'sh {"name":"two words"}'),
    ('sh {name="x"}', "quotes are kept as part of the values", "sh {name=x}"),
    ("sh {name=a, tag=b}", "commas are kept as part of the values", "sh {name=a tag=b}"),
    ("sh { name: x }", "key: value is not understood", "sh {name=x}"),
    ("sh {name = x}", "blanks around = are not understood", "sh {name=x}"),
    ("sh{name=x}", "without a blank before {, the braces are read as part of the language", "sh {name=x}"),
    ('sh {"name":"a}b"}', "a reader that stops at the first } loses what follows", 'sh {"name":"a\\u007db"}'),
    ('sh {"name":"a","name":"b"}', "name is given twice", "sh {name=b}"),
]
GUESSES = [
    ("sh {name=x", "the closing } is missing", "sh {name=x}"),
    ('sh {name="x tag=y}', "a quotation mark is never closed", "sh {name=x tag=y}"),
    ("sh {name=x = y}", "it is not clear what = means here", "sh {name=x y}"),
]
FINE = [
    "",
    "sh",
    "sh {name=x tag=a,b}",
    '{"a":"b"}',
    "{.sh #x}",
    'bash title="x y"',
    "js{1,3-5}",
    "sh {a=b=c}",
    "{note}",
]


@pytest.mark.parametrize(("info", "reason", "fixed"), [*FLAWS, *GUESSES])
def test_what_others_misread_is_a_problem_with_a_fix(info: str, reason: str, fixed: str) -> None:
    runbook = parse(f"- ~~~ {info}\n  x\n  ~~~\n")
    problem = runbook.problems[0]
    assert (problem.code, problem.severity) == (
        "RB006",
        Severity.WARNING if (info, reason, fixed) in GUESSES else Severity.INFO,
    )
    assert reason in problem.message
    assert problem.fix is not None
    text = apply_edits(runbook.text, problem.fix.edits)
    assert text == f"- ~~~ {fixed}\n  x\n  ~~~\n"
    assert parse(text).cells[0].attributes == runbook.cells[0].attributes
    assert not parse(text).problems


@pytest.mark.parametrize("info", FINE)
def test_what_everybody_reads_alike_is_none(info: str) -> None:
    assert read_info(info).flaw is None


@examples(300)
@given(st.dictionaries(st.text(max_size=8), st.text(max_size=12), max_size=4))
def test_written_attributes_are_read_back(attributes: dict[str, str]) -> None:
    text = write_attributes(attributes)
    assert "`" not in text
    assert "\n" not in text
    info = read_info(f"sh {text}")
    assert info.attributes == attributes
    assert info.flaw is None


@examples(300)
@given(st.text(alphabet="sh{}[]\"'=:,.# \\ab\t1", max_size=30))
def test_any_info_string(info: str) -> None:
    read = read_info(info)
    assert read.language == read.language.lower()
    for item in read.items:
        assert 0 <= item.start < item.end <= len(info)
    if read.flaw and not set(info[: read.flaw.start]) & set("\"'"):
        fixed = info[: read.flaw.start] + read.flaw.replacement + info[read.flaw.end :]
        again = read_info(fixed)
        assert again.attributes == read.attributes
        assert again.flaw is None
