from __future__ import annotations

from runbook_ls.lint.patterns import read_patterns


def test_patterns_as_people_write_them_count():
    patterns = read_patterns(["# note", "*.log", "**/node_modules/**/*.md*", "!keep.log"])
    assert patterns.match_file("a/b.log")
    assert not patterns.match_file("keep.log")
    assert patterns.match_file("x/node_modules/y/readme.md")


def test_a_pattern_that_would_take_minutes_is_passed_over():
    patterns = read_patterns(["*a" * 20 + "b", "a*.log"])
    assert not patterns.match_file("a" * 250)
    assert patterns.match_file("a" * 200 + ".log")
