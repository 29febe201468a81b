"""Every case of fixtures/analogy/: one taught pair, one question, the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.suggest import analogy

FIXTURES = Path(__file__).parents[2] / "fixtures" / "analogy"


@dataclass
class Case:
    taught: str = ""
    command: list[str] = field(default_factory=list)
    asked: str = ""
    answer: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)


def cases() -> Iterator[tuple[str, Case]]:
    for path in sorted(FIXTURES.glob("*.txt")):
        lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
        for n, block in enumerate("\n".join(lines).split("\n\n"), 1):
            case = Case()
            for line in block.splitlines():
                key, _, rest = line.strip().partition(" ")
                if key in {"taught", "asked"}:
                    setattr(case, key, rest.strip())
                elif key == "$":
                    (case.answer if case.asked else case.command).append(rest)
                elif key in {"unused", "open"}:
                    getattr(case, key).append(rest.strip())
            if case.asked:
                yield f"{path.stem}-{n}", case


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in cases()])
def test_case(case: Case) -> None:
    example = Example("taught", case.taught, "\n".join(case.command))
    suggestion = analogy.suggest(case.asked, [Candidate(example, 0.0, 0.0)])

    if not case.answer:
        assert suggestion is None
        return
    assert suggestion is not None
    assert suggestion.text == "\n".join(case.answer)
    assert list(suggestion.unused) == case.unused
    assert [slot.value for slot in suggestion.slots if not slot.grounded] == case.open
    for slot in suggestion.slots:
        assert suggestion.text[slot.start : slot.end] == slot.value


def test_nothing_stored_nothing_suggested() -> None:
    assert analogy.suggest("show the pods", []) is None


def test_values_on_which_examples_differ_and_no_intent_speaks_are_not_grounded() -> None:
    pods = "kubectl get pods -n shop --context={}"
    stored = [
        Candidate(Example("a", "show the pods in the namespace shop", pods.format("dev-eu")), 1.0, 1.0),
        Candidate(Example("b", "show all pods in the namespace shop", pods.format("prod-eu")), 0.9, 0.9),
    ]
    suggestion = analogy.suggest("show the pods in the namespace shop", stored)
    assert suggestion is not None
    assert suggestion.text == pods.format("dev-eu")
    assert [(slot.value, slot.grounded) for slot in suggestion.slots] == [("dev-eu", False)]


def test_examples_with_the_same_answer_stand_together() -> None:
    stored = [
        Candidate(Example("a", "restart the service nginx", "systemctl restart nginx"), 0.9, 0.5),
        Candidate(Example("b", "restart the service haproxy", "systemctl restart haproxy"), 0.9, 0.5),
    ]
    suggestion = analogy.suggest("restart the service sshd", stored)
    assert suggestion is not None
    assert suggestion.text == "systemctl restart sshd"
    assert set(suggestion.examples) == {"a", "b"}


def test_a_nearer_example_gives_a_surer_answer() -> None:
    example = Example("a", "restart the service nginx", "systemctl restart nginx")
    near = analogy.suggest("restart the service sshd", [Candidate(example, 0.95, 0.8)])
    far = analogy.suggest("bounce sshd again", [Candidate(example, 0.5, 0.2)])
    assert near is not None
    assert far is None or far.confidence < near.confidence <= 1


def test_limit_and_order_of_further_answers() -> None:
    stored = [
        Candidate(Example("a", "count the lines of app.log", "wc -l app.log"), 0.9, 0.9),
        Candidate(Example("b", "count the lines of app.log", "grep -c '' app.log"), 0.9, 0.9),
    ]
    found = analogy.suggestions("count the lines of web.log", stored, limit=5)
    assert [each.text for each in found] == ["wc -l web.log", "grep -c '' web.log"]
    assert found[0].confidence >= found[1].confidence
    assert len(analogy.suggestions("count the lines of web.log", stored, limit=1)) == 1


text = st.text(st.sampled_from("ab *.-/'\"`$(){}<>|;&\\\n=~1259 shfilesnametodirectory2d«»é"), max_size=60)


@given(text, text, text)
def test_total_on_any_text(taught: str, command: str, asked: str) -> None:
    suggestion = analogy.suggest(asked, [Candidate(Example("x", taught, command), 0.9, 0.5)])
    if suggestion is not None:
        assert 0 <= suggestion.confidence <= 1
        for slot in suggestion.slots:
            assert suggestion.text[slot.start : slot.end] == slot.value
