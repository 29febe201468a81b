"""Choosing rules, ignoring findings, and applying fixes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runbook_ls.document import parse
from runbook_ls.lint.catalogue import RULES, find_rule
from runbook_ls.lint.checkers import find_bash
from runbook_ls.lint.engine import LintSettings, check, validate
from runbook_ls.lint.external import confirm
from runbook_ls.lint.fixes import apply_fixes, fix_text
from runbook_ls.values import Fix, Problem, RunbookError, Severity, Span, TextEdit

TEXT = """\
# Logs

```sh
$ oc logs <pod>
```

```
YOUR_POD
```
"""


def codes(text: str, **settings: tuple[str, ...]) -> list[str]:
    return [problem.code for problem in check(parse(text), settings=LintSettings(**settings))]


def test_the_rules_that_are_on_by_default():
    assert codes(TEXT) == ["RB102", "RB113", "RB104", "RB003"]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"select": ("RB104",)}, ["RB104"]),
        ({"select": ("RB1",)}, ["RB102", "RB113", "RB104"]),
        ({"select": ("redirect-placeholder",)}, ["RB104"]),
        ({"ignore": ("RB1",)}, ["RB003"]),
        ({"select": ("RB104",), "ignore": ("RB1",)}, ["RB104"]),
        ({"select": ("RB1",), "ignore": ("RB104",)}, ["RB102", "RB113"]),
        ({"extend": ("RB407",), "ignore": ("RB0", "RB1")}, ["RB407", "RB407"]),
    ],
)
def test_the_longer_match_wins(settings: dict[str, tuple[str, ...]], expected: list[str]):
    assert codes(TEXT, **settings) == expected


def test_an_unknown_rule_is_an_error():
    with pytest.raises(RunbookError, match='there is no rule "RB999"'):
        validate(LintSettings(ignore=("RB999",)))
    with pytest.raises(RunbookError):
        find_rule("nonsense")
    assert find_rule("rb104") is find_rule("redirect-placeholder")


def test_codes_and_names_are_unique_and_documented():
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.summary.endswith(".")
        assert rule.why.endswith(".")


def test_the_order_is_that_of_the_text():
    problems = check(parse(TEXT), settings=LintSettings())
    assert [p.span for p in problems] == sorted(p.span for p in problems if p.span)


def test_no_bash_of_the_current_folder_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "bash").touch(mode=0o755)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PATH", os.pathsep.join((".", "", "here", str(tmp_path / "there"))))
    assert find_bash.__wrapped__() == str(tmp_path / "there" / "bash")


@pytest.mark.skipif(find_bash() is None, reason="bash is not installed")
def test_bash_has_the_last_word_on_syntax():
    valid = parse("```sh\ncat <<A - <<B\n1\nA\n2\nB\n```\n")
    broken = parse("```sh\nif true\n```\n")
    settings = LintSettings(select=("RB101",))
    assert [p.code for p in check(valid, settings=settings)] == ["RB101"]
    assert confirm(valid, check(valid, settings=settings)) == ()
    assert [p.severity for p in confirm(broken, check(broken, settings=settings))] == [Severity.ERROR]


def test_where_bash_may_not_be_asked_a_syntax_error_is_a_warning():
    broken = parse("```sh\nif true\n```\n")
    (told,) = confirm(broken, check(broken, settings=LintSettings(select=("RB101",))), ask=False)
    assert told.severity is Severity.WARNING
    assert told.message.endswith("(not checked by bash).")


def _problem(line: int, start: int, end: int, text: str) -> Problem:
    span = Span.of(line, start, line, end)
    return Problem("X", Severity.ERROR, "", span, Fix("", (TextEdit(span, text),)))


def test_of_two_fixes_that_overlap_the_first_is_taken():
    fixed = apply_fixes("abcdef", [_problem(0, 0, 3, "X"), _problem(0, 2, 4, "Y"), _problem(0, 4, 5, "Z")])
    assert fixed.text == "XdZf"
    assert len(fixed.applied) == 2


def test_the_same_fix_of_two_problems_is_applied_once():
    assert apply_fixes("ab", [_problem(0, 0, 0, "X"), _problem(0, 0, 0, "X")]).text == "Xab"


def test_fixing_goes_on_until_nothing_is_left_to_fix():
    text = "```bsah {name=x, cwd=/srv}\n$ ls “a b”\n```\r\n"
    fixed = fix_text(text, LintSettings())
    assert fixed.text == '```bash {name=x cwd=/srv}\nls "a b"\n```\n'
    assert not [p for p in check(parse(fixed.text), settings=LintSettings()) if p.fix]
