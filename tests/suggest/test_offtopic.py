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


def test_most_look_alikes_are_seen_through(memory: DirectMemory) -> None:
    prompts = (FIXTURES / "look-alikes.txt").read_text(encoding="utf-8").splitlines()
    answered = {prompt for prompt in prompts if analogy.suggest(prompt, memory.recall(prompt).candidates)}
    assert len(answered) <= len(prompts) // 20, answered


def test_nor_does_a_memory_of_one_example_answer(memory: DirectMemory) -> None:
    """The example that fits best, or least badly, as if it were all there is."""
    answered = {
        prompt for prompt, _ in CASES if analogy.suggest(prompt, memory.recall(prompt).candidates[:1])
    }
    assert answered == set()
