"""What completion offers. Each case is a runbook with a cursor."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lsprotocol import types

from runbook_ls.lsp.features.completion import snippet
from runbook_ls.memory.records import Lesson
from runbook_ls.suggest.suggestion import Slot, Suggestion
from runbook_ls.workbench import learn

from .conftest import Features

Open = Callable[..., Features]


def labels(here: Features) -> list[str]:
    return [item.label for item in here.at(types.TEXT_DOCUMENT_COMPLETION).items]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("```$0\n```\n", ["bash", "python", "sh"]),
        ("- a\n\n  ```ba$0\n  ```\n", ["bash", "zsh"]),
        ("```sh {$0}\n```\n", ["name", "cwd", "interpreter", "excludeFromRunAll"]),
        ("```sh {name=x cw$0}\n```\n", ["cwd"]),
        ("```sh {interpreter=$0}\n```\n", ["bash", "fish"]),
        ("```sh {learn=$0}\n```\n", ["true", "false"]),
        ("See [it](#$0)\n\n```sh {name=deploy}\nls\n```\n", ["deploy"]),
        ("```sh {name=deploy}\nls\n```\n\n```sh\nls\nrunbook-ls run a.md $0\n```\n", ["deploy", "ls"]),
    ],
)
def test_words(features: Open, text: str, some: list[str]) -> None:
    found = labels(features(text))
    assert [label for label in found if label in some] == some if len(some) < 3 else set(some) <= set(found)


@pytest.mark.parametrize(
    "text",
    [
        "Show the pods$0\n\n```sh\n```\n",
        "Use `pods$0\n",
        "a = $0\n",
        "```yaml\na: $0\n```\n",
        "```sh {name=$0}\n```\n",
        "```sh\nls\necho$0\n```\n",
    ],
)
def test_nothing_while_writing(features: Open, text: str) -> None:
    assert labels(features(text)) == []


def test_suggestions_best_first_with_their_provenance(features: Open) -> None:
    here = features("Show the disk usage of host db-7\n\n```sh\n$0\n```\n")
    lessons = [
        Lesson("Show the disk usage of host db-2", "ssh db-2 df -h", source="taught"),
        Lesson("Show the memory usage of host db-2", "ssh db-2 free -m", source="taught"),
    ]
    learn.learn_lessons(here.server.session, lessons)
    found = here.at(types.TEXT_DOCUMENT_COMPLETION)
    first = found.items[0]  # type: ignore[attr-defined]
    assert first.label == "ssh db-7 df -h"
    assert first.preselect
    first.documentation = None
    resolved = here.ask(types.COMPLETION_ITEM_RESOLVE, first)
    assert "Show the disk usage of host db-2" in resolved.documentation.value  # type: ignore[attr-defined]
    here.server.session.close()


def test_slots_that_are_not_grounded_are_tab_stops() -> None:
    text = "cp a$b {c} out"
    slots = (
        Slot(3, 6, "a$b", "a$b", grounded=False),
        Slot(7, 10, "{x}", "{c}", grounded=True),
        Slot(11, 14, "out", "out", grounded=False),
    )
    assert snippet(Suggestion(text, "analogy", 0.5, slots=slots)) == "cp ${1:a\\$b} {c\\} ${2:out}"


@pytest.mark.parametrize(("typed", "kept"), [("", "ssh db-7 df -h"), ("ssh", "ssh db-7 df -h"), ("df", "df")])
def test_a_suggestion_stays_while_what_is_typed_fits(features: Open, typed: str, kept: str) -> None:
    here = features(f"Show the disk usage of host db-7\n\n```sh\n{typed}$0\n```\n")
    lesson = Lesson("Show the disk usage of host db-2", "ssh db-2 df -h", source="taught")
    learn.learn_lessons(here.server.session, [lesson])
    (item,) = here.at(types.TEXT_DOCUMENT_COMPLETION).items  # type: ignore[attr-defined]
    assert item.filter_text == kept
