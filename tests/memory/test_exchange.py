"""Examples as lines of JSON: out, in, and what is wrong with a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runbook_ls.memory.exchange import dump, load
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Outcome

Teach = Callable[..., Outcome]


@pytest.fixture
def filled(journal: Journal, teach: Teach) -> Journal:
    teach(
        "list the pods",
        "kubectl get pods",
        source="corrected",
        workspace="/w",
        file="/w/a.md",
        line=3,
        author="ana",
    )
    teach("list the pods", "kubectl get pods", source="corrected", workspace="/w", author="ana")
    teach("list the pods", "oc get pods", workspace="/other")
    teach("drain a node", "kubectl drain é\\\n  --force", source="documented", file="/w/b.md", line=0)
    return journal


def test_a_round_trip_keeps_provenance(filled: Journal, tmp_path: Path) -> None:
    text = dump(filled.examples())
    loaded = load(text)
    assert loaded.complaints == ()
    with Journal.open(tmp_path / "another" / "journal.db") as another:
        for _ in range(2):  # once more changes nothing
            with another.writing() as writing:
                for lesson in loaded.lessons:
                    writing.teach(lesson)
        assert dump(another.examples()) == text
        for example in filled.examples():
            assert another.example(example.id) == example


def test_the_file_is_sorted_and_readable(filled: Journal) -> None:
    lines = dump(filled.examples()).splitlines()
    assert [line.split('"')[3] for line in lines] == ["drain a node", "list the pods", "list the pods"]
    assert '"command": "kubectl drain é\\\\\\n  --force"' in lines[0]
    assert '"author": "ana"' in lines[1]
    assert dump(reversed(filled.examples())) == dump(filled.examples())


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: Expecting property name"),
        ("[1]", "line 2: not a JSON object"),
        ('{"intent": "x"}', 'line 2: "command" must be a text that is not empty'),
        ('{"intent": " ", "command": "x"}', 'line 2: "intent" must be a text that is not empty'),
        ('{"intent": "x", "command": "x", "author": 3}', 'line 2: "author" must be a text'),
        ('{"intent": "x", "command": "x", "line": true}', 'line 2: "line" must be a number'),
        (
            '{"intent": "x", "command": "x", "source": "gossip"}',
            'line 2: "source" must be one of corrected, ',
        ),
    ],
)
def test_a_line_that_cannot_be_used_is_passed_over(line: str, complaint: str) -> None:
    loaded = load(f'{{"intent": "a", "command": "b"}}\n{line}\n\n{{"intent": "c", "command": "d"}}\n')
    assert [lesson.intent for lesson in loaded.lessons] == ["a", "c"]
    (found,) = loaded.complaints
    assert found.startswith(complaint)


class TestShared:
    """A team's file stands beside one's own examples."""

    def replace(self, journal: Journal, text: str) -> tuple[int, int]:
        with journal.writing() as writing:
            return writing.replace_shared("/w/team.jsonl", load(text, "/w/team.jsonl").lessons)

    def test_it_is_followed_line_by_line(self, filled: Journal, tmp_path: Path) -> None:
        text = dump(filled.examples())
        with Journal.open(tmp_path / "another" / "journal.db") as mine:
            assert self.replace(mine, text) == (3, 0)
            assert self.replace(mine, text) == (0, 0)
            assert self.replace(mine, "".join(text.splitlines(keepends=True)[1:])) == (0, 1)
            assert {example.origin for example in mine.examples()} == {"/w/team.jsonl"}
            assert {example.author for example in mine.examples()} == {"ana", ""}
            assert self.replace(mine, text.replace("oc get", "oc list")) == (2, 1)
            assert self.replace(mine, "") == (0, 3)

    def test_it_supersedes_nothing_and_nothing_supersedes_it(self, journal: Journal, teach: Teach) -> None:
        teach("list the pods", "kubectl get pods", workspace="/w")
        self.replace(journal, '{"intent": "list the pods", "command": "oc get pods", "workspace": "/w"}\n')
        assert teach("list the pods", "kubectl get pods -A", workspace="/w").kind == "superseded"
        assert sorted(example.command for example in journal.examples()) == [
            "kubectl get pods -A",
            "oc get pods",
        ]

    def test_what_was_forgotten_does_not_come_back(self, journal: Journal, teach: Teach) -> None:
        line = '{"intent": "log in", "command": "login -p hunter2", "id": "01A"}\n'
        self.replace(journal, line)
        journal.forget("01A")
        assert self.replace(journal, line) == (0, 0)
        assert self.replace(journal, line.replace("hunter2", "hunter3")) == (0, 0)
        assert journal.examples() == []
