"""What is remembered about the parts of a runbook never shows."""

from __future__ import annotations

import weakref

from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_ls.document import parse, reparse
from runbook_ls.document.blocks import CodeBlock
from runbook_ls.document.lines import apply_edits
from runbook_ls.document.pages import all_chunks
from runbook_ls.document.runbook import Cell
from runbook_ls.lint.engine import LintSettings, check
from runbook_ls.lint.parts import Looks, spots_of_parts
from runbook_ls.lint.rule import Mark, Rule, Spot
from runbook_ls.values import Severity, Span, TextEdit

TEXT = """\
---
shell: bash
---

# Restart

See [the checks](#checks) and ![](a.png). TODO

```sh {name=restart}
$ oc -n <namespace> delete pod YOUR_POD
```

> - Then:
>
>   ```bsah {name=restart}
>   rm -rf $DIR/
>   ```

## Check it

<!-- runbook-ls: ignore RB003 -->

```
uptime
```

## Check it
"""
PIECES = [
    "",
    "x",
    "`",
    "```\n",
    "```sh\n",
    "\n",
    "# ",
    "- ",
    "> ",
    "<pod> ",
    "<!-- runbook-ls: ignore -->\n",
    "TODO ",
    "$ ",
]
EDITS = st.tuples(st.integers(0, 30), st.integers(0, 20), st.integers(0, 3), st.sampled_from(PIECES))


@settings(deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=6))
def test_after_any_edits_it_is_as_if_read_anew(edits: list[tuple[int, int, int, str]]):
    chosen = LintSettings(extend=("RB406", "RB407"))
    text, runbook = TEXT, parse(TEXT)
    check(runbook, settings=chosen)
    for line, column, removed, piece in edits:
        edit = TextEdit(Span.of(line, column, line, column + removed), piece)
        text = apply_edits(text, [edit])
        runbook = reparse(runbook, [edit], text)
        assert check(runbook, settings=chosen) == check(parse(text), settings=chosen)


def test_all_of_it_is_found():
    assert [(p.code, p.span.start.line) for p in check(parse(TEXT), settings=LintSettings()) if p.span] == [
        ("RB402", 6),
        ("RB403", 6),
        ("RB408", 6),  # suspicions, until somebody looks
        ("RB404", 6),
        ("RB102", 9),
        ("RB113", 9),
        ("RB104", 9),
        ("RB105", 9),
        ("RB005", 14),
        ("RB004", 14),
        ("RB011", 26),
    ]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("`~#>-*[]()!<>{}= \t\r\nabTODOsh$|&\\\"'x:\u00a0\u202e")))
def test_any_text_can_be_checked(text: str):
    lines = text.count("\n") + text.count("\r") + 1
    for problem in check(parse(text), settings=LintSettings(extend=("RB4",))):
        assert problem.message.endswith((".", "?"))
        if problem.span:
            assert problem.span.start <= problem.span.end
            assert problem.span.end.line <= lines


def test_a_keystroke_has_only_what_it_changed_looked_at_however_much_there_is():
    seen: list[str] = []

    def look(cell: Cell) -> list[Spot]:
        seen.append(cell.body)
        return []

    looks = [Looks([Rule(f"X{n}", "x", Severity.HINT, "", "", "", "", cell=look)]) for n in range(3)]
    text = "".join(f"```sh\necho {n}\n```\n\n" for n in range(6_000))
    runbook = parse(text)
    for _ in range(2):
        for one in looks:
            assert list(spots_of_parts(runbook, one)) == []
    assert len(seen) == 3 * 6_000
    edit = TextEdit(Span.of(12_001, 5, 12_001, 5), "1")
    changed = reparse(runbook, [edit], apply_edits(text, [edit]))
    seen.clear()
    for one in looks:
        assert list(spots_of_parts(changed, one)) == []
    assert seen.count("echo 13000") == 3
    assert len(seen) <= 9  # the edited cell and its neighbours, which were read with it


WORDS = ["](", "![", "TODO", "é"]
LINES = [*(f"{before}a {word} b" for word in WORDS for before in ("", "> ", "- ", "\t")), "# TODO"]
LINES += ["```sh", "```", "", "", "curl \\", "- x", "x" * 9, "[a]: b", "\tTODO", "---"]


@given(st.lists(st.sampled_from(LINES), max_size=40), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_a_needed_word_is_looked_for_where_it_can_be_and_nowhere_else(lines: list[str], end: str, long: bool):
    def words_of(text: str) -> list[str]:
        return [word for word in WORDS if word in text]

    def look(cell: Cell) -> list[Spot]:
        return [Spot(Span.of(0, 0, 0, 0), cell.body)] if words_of(cell.body) else []

    def read(markdown: str) -> list[Mark]:
        return [Mark(0, 0, markdown)] if words_of(markdown) else []

    nothing = Rule("X", "x", Severity.HINT, "", "", "", "", cell=look, prose=read)
    runbook = parse(end.join(lines * (20 if long else 1)))  # a page has some hundred chunks
    told = [spot.message for _, _, spot in spots_of_parts(runbook, Looks([nothing]))]
    needing = [nothing._replace(needs=tuple(WORDS))]
    assert [spot.message for _, _, spot in spots_of_parts(runbook, Looks(needing))] == told
    blocks = [block for chunk in all_chunks(runbook.pages) for block in chunk.blocks]
    texts = [block.code.body if isinstance(block, CodeBlock) else block.markdown for block in blocks]
    assert told == [text for text in texts if words_of(text)]


def test_what_is_remembered_goes_with_the_runbook():
    runbook = parse(TEXT)
    check(runbook, settings=LintSettings())
    gone = weakref.ref(runbook)
    del runbook
    assert gone() is None
