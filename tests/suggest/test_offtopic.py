"""Every prompt of fixtures/offtopic/ abstains: from what was learned, and whatever a model says to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson
from runbook_ls.suggest import analogy, guard, prompt
from runbook_ls.suggest.answer import read
from runbook_ls.suggest.endpoint import Completion
from runbook_ls.suggest.prompt import Question

FIXTURES = Path(__file__).parents[2] / "fixtures" / "offtopic"


def cases() -> Iterator[tuple[str, str]]:
    """(prompt, answer)"""
    for name in ("off-topic.txt", "disreputable.txt"):
        for block in (FIXTURES / name).read_text(encoding="utf-8").strip().split("\n\n"):
            first, *rest = block.split("\n")
            yield first.removeprefix("prompt").strip(), "\n".join(line[2:] for line in rest)


CASES = list(cases())


def test_there_are_enough() -> None:
    assert len({prompt for prompt, _ in CASES}) >= 50


@pytest.mark.parametrize(("intent", "answer"), CASES, ids=[intent for intent, _ in CASES])
@pytest.mark.parametrize("finish", ["stop", "length", "content_filter"])
def test_what_a_model_says_is_no_command(intent: str, answer: str, finish: str) -> None:
    found = read(Completion(answer, finish), intent, lambda name: guard.is_builtin(name) or name == "printf")
    assert found.command == ""
    assert found.reason.startswith("No suggestion: ")


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectMemory]:
    with Journal.open(tmp_path_factory.mktemp("memory") / "journal.sqlite3") as journal:
        with journal.writing() as writing:
            for line in (FIXTURES / "learned.txt").read_text(encoding="utf-8").strip().split("\n"):
                intent, _, command = line.partition(" => ")
                writing.teach(Lesson(intent, command, "taught"))
        yield DirectMemory(journal)


def test_what_was_learned_does_not_answer(memory: DirectMemory) -> None:
    answered, shown = {}, {}
    for intent, _ in CASES:
        candidates = memory.recall(intent).candidates
        suggestion = analogy.suggest(intent, candidates)
        if suggestion is not None:
            answered[intent] = (suggestion.text, suggestion.confidence, suggestion.grounded)
        examples = prompt.build(Question(intent), candidates, budget=0).examples
        if examples:
            shown[intent] = [example.command for example in examples]
    assert answered == {}
    assert shown == {}


@pytest.mark.parametrize("intent", (FIXTURES / "known-gaps.txt").read_text(encoding="utf-8").splitlines())
@pytest.mark.xfail(
    strict=True, reason="analogy answers what shares its nouns, though nothing is asked of them"
)
def test_known_gaps(memory: DirectMemory, intent: str) -> None:
    assert analogy.suggest(intent, memory.recall(intent).candidates) is None
