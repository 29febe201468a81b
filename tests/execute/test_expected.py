"""When a printed text agrees with the expected one, and what an update makes of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.execute.expected import Expected, compare, updated
from runbook_ls.values import RunbookError

AGREE = [
    ("a\nb", "a\nb\n"),
    ("a  \nb", "a\nb\n\n\n"),
    ("a", "\x1b[31ma\x1b[0m\n"),
    ("a\r\nb", "a\nb"),
    ("", ""),
    ("...", ""),
    ("...", "a\nb\n"),
    ("a\n...\nz", "a\nz"),
    ("a\n...\nz", "a\nz\ny\nz\n"),
    ("...\nb\n...\nb\nc", "b\nb\nb\nc"),
    ("took ... ms", "took 12.5 ms"),
    ("a...b...c", "a1b2b3c"),
    ("...", "..."),
    ("wait...", "wait..."),
    (r"v\d+\.\d+ (re)", "v1.22"),
    ("*.log (glob)", "x.log"),
    ("a (re)", "a (re)"),
    ('{"b": [1, 2], "a": null}', '{\n "a": null,\n "b": [1,2]\n}\n'),
    ("[]", "[ ]"),
    ("1\n2", "1\n2"),
]
DIFFER = [
    ("a\nb", "a"),
    ("a", "a\nb"),
    ("a\n...\nz", "a\ny"),
    ("took ... ms", "took 12 s"),
    ("aXX...XXa", "aXXXa"),
    (r"v\d+ (re)", "v1.2"),
    ("*.log (glob)", "x.txt"),
    ("[1, 2]", "[2, 1]"),
    ('{"a": 1}', '{"a": true}'),
    ('{"a": 1}', '{"a": 1, "b": 2}'),
    ('{"a": 1}', "{a: 1}"),
    ("", "a"),
]


@pytest.mark.parametrize(("expected", "printed"), AGREE)
def test_texts_that_agree(expected: str, printed: str):
    found = compare(Expected(expected), printed)

    assert (found.agrees, found.diff) == (True, "")


@pytest.mark.parametrize(("expected", "printed"), DIFFER)
def test_texts_that_differ(expected: str, printed: str):
    found = compare(Expected(expected), printed)

    assert not found.agrees
    assert found.why == "the output is not the expected one"
    assert found.diff


def test_the_difference_shows_no_line_that_a_pattern_covers():
    found = compare(
        Expected("start at ...\n...\nrows: \\d+ (re)\nend"), "start at 10:00\nx\ny\nrows: 7\nEND\n"
    )

    changed = [line for line in found.diff.splitlines()[2:] if line[0] in "+-"]
    assert changed == ["-end", "+END"]


@pytest.mark.parametrize(
    ("expected", "printed", "after"),
    [
        ("a\n... ms\nc", "a\n5 ms\nC\n", "a\n... ms\nC"),
        ("a\n...\nz", "a\n1\n2\nzz\n", "a\n1\n2\nzz"),
        ("a\n...\nm\nz", "a\n1\n2\nm\nnew\n", "a\n...\nm\nnew"),
        ("", "a\nb\n", "a\nb"),
        ("a", "", ""),
        ('{"a": 1}', '{"a": 2}\n', '{"a": 2}'),
        ("a  ", "a\n", "a  "),
    ],
)
def test_an_update_keeps_the_patterns_that_still_match(expected: str, printed: str, after: str):
    assert updated(Expected(expected), printed) == after


def test_similarity_and_patterns():
    assert compare(Expected("deployment created in 5 s", 0.8), "deployment created in 7 s").agrees
    assert compare(Expected('{"a": 1, "b": 22}', 0.9), '{"b": 22, "a": 2}').agrees
    far = compare(Expected("deployment created", 0.8), "error: forbidden")
    assert far.why.endswith("similar, less than 0.8")
    assert compare(Expected("", pattern="ready$"), "all\nready\n").agrees
    assert compare(Expected("", pattern="^ready$"), "not yet").why == "the output does not match ^ready$"
    assert updated(Expected("old", 0.9), "entirely new\n") == "entirely new"


@pytest.mark.parametrize("expected", [Expected("( (re)"), Expected("", pattern="(")])
def test_what_is_no_regular_expression_is_said(expected: Expected):
    with pytest.raises(RunbookError, match="that is none"):
        compare(expected, "x")


lines = st.lists(st.sampled_from(["a", "b", "a b", "...", "x...", "...x", "[1]", " "]), max_size=8).map(
    "\n".join
)


@given(lines, lines)
def test_what_is_updated_agrees(expected: str, printed: str):
    assert compare(Expected(updated(Expected(expected), printed)), printed).agrees


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda v: st.lists(v) | st.dictionaries(st.text(), v),
    )
)
def test_json_agrees_however_it_is_laid_out(value: object):
    value = {"value": value}

    assert compare(Expected(json.dumps(value, indent=2)), json.dumps(value, sort_keys=True)).agrees
