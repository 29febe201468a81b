"""Every command of fixtures/risk/ has the class that stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.shell.risk import Risk, assess

FIXTURES = Path(__file__).parents[2] / "fixtures" / "risk"
CLASSES = {risk.word: risk for risk in Risk}


def cases() -> Iterator[tuple[str, str, str]]:
    """(place, class, command) of every case."""
    for path in sorted(FIXTURES.glob("*.txt")):
        found: list[tuple[str, str, list[str]]] = []
        # Only \n ends a line here: a case may hold a carriage return.
        for number, line in enumerate(path.read_text("utf-8").replace("\r\n", "\n").split("\n"), 1):
            if line.startswith("|"):
                found[-1][2].append(line[2:] if line.startswith("| ") else line[1:])
            elif line.strip() and not line.startswith("#"):
                word, _, command = line.partition(" ")
                found.append((f"{path.name}:{number}", word, [command.strip(" ")]))
        yield from ((place, word, "\n".join(lines)) for place, word, lines in found)


CASES = list(cases())


@pytest.mark.parametrize(("word", "command"), [pytest.param(w, c, id=p) for p, w, c in CASES])
def test_class_of_a_command(word: str, command: str):
    assessment = assess(command)

    assert assessment.risk.word == word, [finding.reason for finding in assessment.findings]


def test_there_are_enough_cases():
    assert len(CASES) >= 250
    assert {word for _, word, _ in CASES} == set(CLASSES)
    assert len({command for _, _, command in CASES}) == len(CASES)
