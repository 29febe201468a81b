"""The values of a sentence by kind, and amounts as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.shell import quantities
from runbook_ls.shell.kinds import Kind, kind_of
from runbook_ls.shell.literals import literals, masked, units


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("pods", Kind.WORD),
        ("read-only", Kind.WORD),
        ("shop-eu", Kind.NAME),
        ("backend/otter", Kind.PATH),
        ("/var/log", Kind.PATH),
        ("~/notes", Kind.PATH),
        (".", Kind.PATH),
        ("*.log", Kind.GLOB),
        (".c", Kind.GLOB),
        ("https://acme.io/a?b=c", Kind.URL),
        ("10.0.0.1:8080", Kind.HOST),
        ("ops@db-2", Kind.HOST),
        ("db-2.acme.internal", Kind.HOST),
        ("v1.2.3", Kind.VERSION),
        ("48434d2", Kind.ID),
        ("01HZ3K97HMF590J823F10RJZ4T", Kind.ID),
        ("8080", Kind.NUMBER),
        ("1,500", Kind.NUMBER),
        ("9007199254740991", Kind.NUMBER),
        ("9007199254740993", Kind.ID),
        ("9" * 400, Kind.NAME),
        ("2026-01-15", Kind.DATE),
        ("dump.json", Kind.NAME),
        ("fix me", Kind.TEXT),
    ],
)
def test_kind_of_a_value(value: str, kind: Kind) -> None:
    assert kind_of(value) is kind


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("logs of the image backend/otter, the last 3 days", ["path backend/otter", "duration 3 days"]),
        ("show containerd's errors of the past hour.", ["duration hour"]),
        ("twelve replicas, twenty-five minutes, a dozen pods", ["number 12", "duration twenty-five minutes", "number 12"]),
        ("bigger than 1 Kilobytes or 10M", ["size 1 Kilobytes", "size 10M"]),
        ("wait 10m", ["duration 10m"]),
        ("not used in the last 7*24 hours", ["duration 7*24 hours"]),
        ("in the current directory and in my home folder", ["path .", "path ~"]),
        ("in the entire file system", ["path /"]),
        ("all text files and PDF files", ["glob *.txt", "glob *.pdf"]),
        ("since 3 March 2026 or March 3rd, 2026", ["date 3 March 2026", "date March 3rd, 2026"]),
        ("the `a+xr` mode of \"two words\" and 'x'", ["name a+xr", "quoted text two words", "name x"]),
        ("one of them", []),
        ("Show the pods. Delete them", []),
        ("pods that are Failed", ["name Failed"]),
    ],
)  # fmt: skip
def test_values_of_a_sentence(prose: str, expected: list[str]) -> None:
    assert [f"{unit.kind.value} {unit.value}" for unit in literals(prose)] == expected


def test_amounts_are_in_base_units() -> None:
    (duration, size) = literals("for 2 hours up to 3 MB")
    assert (duration.amount, duration.unit) == (7200, "h")
    assert (size.amount, size.unit) == (3 * 1024 * 1024, "m")


def test_units_stand_where_they_say() -> None:
    prose = 'the image "web-1" of db-2’s host, now'
    assert all(prose[unit.start : unit.end] == unit.text for unit in units(prose))


def test_intents_that_differ_in_values_only_are_masked_alike() -> None:
    assert masked("show the logs of web-1 for 2 hours") == masked("show the logs of api-7 for 45 minutes")
    assert "current directory" in masked("list the current directory")


@pytest.mark.parametrize(
    ("text", "n"),
    [("200", 200), ("1,500", 1500), ("2.5", 2.5), ("7*24", 168), ("twelve", 12), ("twenty-five", 25), ("a dozen", 12),
     ("two hundred", 200), ("an", 1), ("pods", None), ("", None)],
)  # fmt: skip
def test_number(text: str, n: float | None) -> None:
    assert quantities.number(text) == n


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-01-15", date(2026, 1, 15)), ("15 January 2026", date(2026, 1, 15)), ("Jan 15th, 2026", date(2026, 1, 15)),
     ("2026-13-45", None), ("soon", None)],
)  # fmt: skip
def test_day(text: str, day: date | None) -> None:
    assert quantities.day(text) == day


def test_capitals_tell_megabytes_from_minutes() -> None:
    assert (quantities.duration_unit("m"), quantities.size_unit("m")) == ("m", None)
    assert (quantities.duration_unit("M"), quantities.size_unit("M")) == (None, "m")


@given(st.text(max_size=80))
def test_total(prose: str) -> None:
    at = 0
    for unit in units(prose):
        assert at <= unit.start < unit.end <= len(prose)
        at = unit.end
    masked(prose)
