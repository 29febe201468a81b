"""`reparse` gives what `parse` gives, whatever was edited, and keeps what the edit left alone."""

from __future__ import annotations

import sys
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document import parse, reparse
from runbook_ls.document.flavour import Flavour
from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.document.pages import all_chunks
from runbook_ls.document.runbook import Runbook
from runbook_ls.values import Span, TextEdit
from tests.document.cases import SHARED
from tests.document.texts import edits_of, examples, runbook_texts

reparsing = sys.modules["runbook_ls.document.reparse"]  # the function hides the module of its name
flavours = st.sampled_from(["auto", "commonmark", "mkdocs"])


def check_same(found: Runbook, expected: Runbook) -> None:
    assert list(all_chunks(found.pages)) == list(all_chunks(expected.pages))
    assert found.head == expected.head
    assert found.cells == expected.cells
    assert found.headings == expected.headings
    assert found.problems == expected.problems


@examples(250)
@given(st.data(), runbook_texts, flavours)
def test_any_edits(data: st.DataObject, text: str, flavour: Flavour) -> None:
    runbook = parse(text, flavour)
    for _ in range(3):
        edits, text = data.draw(edits_of(text))
        runbook = reparse(runbook, edits, text)
        check_same(runbook, parse(text, flavour))


BARE = "".join(f"# Section {n}\n\n- Text {n}:\n\n```\necho {n}\n```\n\n" for n in range(40))
TURNS = st.tuples(
    st.integers(0, 320),
    st.integers(0, 1),
    st.sampled_from(["```\n", "```\n", "<!--\n", "-->\n", "x", "- ", ""]),
)


@examples(40)
@given(st.lists(TURNS, min_size=2, max_size=7))
def test_edits_that_turn_everything_below_over(turns: list[tuple[int, int, str]]) -> None:
    """Each version is kept as if much had changed; what the next edit gives back is taken from there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reparsing, "_MUCH", -1)
        runbook = parse(BARE)
        for line, removed, added in turns:
            edit = TextEdit(Span.of(line, 0, line + removed, 0), added)
            runbook = reparse(runbook, [edit], apply_edits(runbook.text, [edit]))
            check_same(runbook, parse(runbook.text))


def test_a_fence_that_is_opened_and_closed_gives_back_what_was_there() -> None:
    text = "".join(f"# Section {n}\n\nText {n}:\n\n```\necho {n}\n```\n\n" for n in range(600))
    runbook = first = parse(text)
    assert len(runbook.cells) == 600
    for line in (10, 42, 10):
        for edit in (
            TextEdit(Span.of(line, 0, line, 0), "```\n"),
            TextEdit(Span.of(line, 0, line + 1, 0), ""),
        ):
            runbook = reparse(runbook, [edit], apply_edits(runbook.text, [edit]))
            check_same(runbook, parse(runbook.text))
        assert runbook.text == text
        assert set(runbook.pages[2:]) <= set(first.pages)


@cache
def corpus() -> list[str]:
    texts = [path.read_bytes().decode() for path in sorted((SHARED / "corpus").rglob("*.md*"))]
    return [text for text in texts if len(text) < 20_000]


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="needs ../shared/corpus")
@examples(100)
@given(st.data())
def test_edits_of_real_runbooks(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(corpus()))
    runbook = parse(text)
    for _ in range(3):
        edits, text = data.draw(edits_of(text))
        runbook = reparse(runbook, edits, text)
        check_same(runbook, parse(text))


@examples(200)
@given(runbook_texts)
def test_chunks_take_the_whole_text(text: str) -> None:
    runbook = parse(text)
    chunks = list(all_chunks(runbook.pages))
    assert runbook.head.size + sum(chunk.size for chunk in chunks) == len(text)
    assert runbook.first_line + sum(chunk.lines for chunk in chunks) == len(split_lines(text))


SECTIONS = "".join(f"# Section {n}\n\nText {n}:\n\n```sh\necho {n}\n```\n\n" for n in range(400))

EDITS = {
    "a letter": TextEdit(Span.of(1602, 4, 1602, 4), "x"),
    "a new line": TextEdit(Span.of(1602, 4, 1602, 4), "\n\n"),
    "a fence opened": TextEdit(Span.of(1602, 0, 1602, 0), "```\n"),
    "a fence closed too soon": TextEdit(Span.of(1605, 0, 1605, 0), "```\n"),
    "a fence deleted": TextEdit(Span.of(1604, 0, 1605, 0), ""),
    "a comment opened": TextEdit(Span.of(1602, 0, 1602, 0), "<!--\n"),
    "a list": TextEdit(Span.of(1602, 0, 1602, 0), "- "),
    "a link definition": TextEdit(Span.of(1602, 0, 1602, 0), "[a]: /url\n"),
    "a heading": TextEdit(Span.of(1602, 0, 1602, 0), "## New\n"),
    "a name taken": TextEdit(Span.of(1604, 5, 1604, 5), " {name=echo-7}"),
    "front matter": TextEdit(Span.of(0, 0, 0, 0), "---\nshell: bash\n---\n"),
    "half of the text": TextEdit(Span.of(400, 0, 2000, 0), ""),
    "all of it": TextEdit(Span.of(0, 0, 3200, 0), "# New\n"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_in_a_long_runbook(edit: TextEdit) -> None:
    before = parse(SECTIONS)
    assert before.cells
    text = apply_edits(SECTIONS, [edit])
    check_same(reparse(before, [edit], text), parse(text))


def test_what_an_edit_leaves_alone_is_kept() -> None:
    before = parse(SECTIONS)
    assert len(before.cells) == 400
    edit = TextEdit(Span.of(1605, 0, 1605, 4), "printf")
    after = reparse(before, [edit], apply_edits(SECTIONS, [edit]))
    changed = [index for index, cell in enumerate(after.cells) if cell.code is not before.cells[index].code]
    assert changed == [200]
    assert after.cells[10] is before.cells[10]


def test_a_name_given_twice_far_apart() -> None:
    runbook = parse(SECTIONS)
    for line in (3108, 4):  # near the end, then in the first cell: the first one has the name
        edit = TextEdit(Span.of(line, 5, line, 5), " {name=taken}")
        runbook = reparse(runbook, [edit], apply_edits(runbook.text, [edit]))
        check_same(runbook, parse(runbook.text))
    assert [problem.code for problem in runbook.problems] == ["RB005"]


def test_many_edits_leave_pages_of_a_fair_size() -> None:
    runbook = parse(SECTIONS)
    for number in range(150):
        line = number * 7919 % 3000
        edit = TextEdit(
            Span.of(line, 0, line + number % 3, 0), ("# h\n\n" * 40, "", "```\n", "x\n")[number % 4]
        )
        runbook = reparse(runbook, [edit], apply_edits(runbook.text, [edit]))
    check_same(runbook, parse(runbook.text))
    assert all(0 < len(page.chunks) <= 256 for page in runbook.pages)
    assert len(runbook.pages) <= len(list(all_chunks(runbook.pages))) / 32 + 1


def test_without_edits_and_without_changes_it_is_the_same_runbook() -> None:
    runbook = parse(SECTIONS)
    assert reparse(runbook, [], SECTIONS) is runbook


def test_front_matter_edited() -> None:
    text = "---\nshell: bash\n---\n" + SECTIONS
    before = parse(text)
    edit = TextEdit(Span.of(1, 7, 1, 11), "zsh\ncwd: /tmp")
    changed = apply_edits(text, [edit])
    after = reparse(before, [edit], changed)
    check_same(after, parse(changed))
    assert after.pages is before.pages


@pytest.mark.parametrize("text", ["---\na\n", "---\n", "{", "<!-- a\n", "", "\ufeff", "{{ x }}\n"])
def test_text_that_may_become_front_matter(text: str) -> None:
    rest = "# Title\n\n" * 20
    for addition in ("---\n", "-->\n---\na: b\n---\n", '"a": 1}\n', "x"):
        for line in (0, 1, 30):
            before = parse(text + rest)
            edit = TextEdit(Span.of(line, 0, line, 0), addition)
            changed = apply_edits(before.text, [edit])
            check_same(reparse(before, [edit], changed), parse(changed))
