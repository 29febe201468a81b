"""Edits: what is put in is what is read back, in the file's own style, and nothing else changes by a byte."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.document.edits import add_cell, output_block, replace_body, set_attribute, set_output
from runbook_ls.document.lines import LINE_END, apply_edits, split_lines
from runbook_ls.document.runbook import Runbook
from runbook_ls.values import RunbookError, TextEdit
from tests.document.cases import SHARED
from tests.document.texts import examples

BODIES = {
    # text, body of the first cell, text after
    "filled": ("```sh\n```\n", "one\ntwo", "```sh\none\ntwo\n```\n"),
    "replaced": ("```sh\nold\n```\ntext\n", "new\n", "```sh\nnew\n```\ntext\n"),
    "emptied": ("```sh\nold\n```\n", "", "```sh\n```\n"),
    "in a list": (
        "1. a\n\n   ```sh\n   ```\n2. b\n",
        "x\n\n  y",
        "1. a\n\n   ```sh\n   x\n\n     y\n   ```\n2. b\n",
    ),
    "after a list marker": ("10. ```sh\n    ```\n", "x", "10. ```sh\n    x\n    ```\n"),
    "in a quote": ("> ```sh\n>old\n> ```\n", "x\n\ny", "> ```sh\n> x\n>\n> y\n> ```\n"),
    "in a list in a quote": ("> - ```sh\n>   ```\n", "x", "> - ```sh\n>   x\n>   ```\n"),
    "with tabs": ("-\t```sh\n\told\n\t```\n", "x", "-\t```sh\n \tx\n\t```\n"),
    "line ends of Windows": ("```sh\r\nold\r\n```\r\n", "x\ny", "```sh\r\nx\r\ny\r\n```\r\n"),
    "a longer fence": ("```sh\n``` \n", "```\nx\n````", "`````sh\n```\nx\n````\n````` \n"),
    "another kind of fence": ("~~~sh\n~~~\n", "```", "~~~sh\n```\n~~~\n"),
    "never closed": ("```sh\nold\n", "x", "```sh\nx\n```\n"),
    "never closed, no line end": ("- ```sh", "x", "- ```sh\n  x\n  ```"),
    "indented": ("text\n\n    old\n\n    code\n\ntext\n", "x\n\n  y", "text\n\n    x\n\n      y\n\ntext\n"),
    "indented in a list": ("-     old\n\n      code\n", "x\ny", "-     x\n      y\n"),
    "indented with tabs": ("- a\n\n\t\told\n", "x\ny", "- a\n\n\t  x\n\t  y\n"),
    "indented, emptied": ("> -     old\n", "", "> - ```\n>   ```\n"),
    "in a tab of MkDocs": ('=== "x"\n\n    ```sh\n    ```\n', "x", '=== "x"\n\n    ```sh\n    x\n    ```\n'),
    "under the options of MyST": (
        "```{code} sh\n:name: a\n\nold\n```\n",
        "x",
        "```{code} sh\n:name: a\n\nx\n```\n",
    ),
}


@pytest.mark.parametrize(("text", "body", "expected"), BODIES.values(), ids=BODIES)
def test_replace_body(text: str, body: str, expected: str) -> None:
    runbook = parse(text)
    assert apply_edits(text, replace_body(runbook, runbook.cells[0], body)) == expected


def test_only_changed_lines_are_in_the_edit() -> None:
    runbook = parse("```sh\none\ntwo\nthree\n```\n")
    (edit,) = replace_body(runbook, runbook.cells[0], "one\n2\nthree")
    assert (edit.span.start.line, edit.span.end.line, edit.text) == (2, 3, "2\n")
    assert replace_body(runbook, runbook.cells[0], "one\ntwo\nthree\n") == ()


CELLS = {
    # text, line, text after
    "under a paragraph": ("Do it:\n\nNext.\n", 0, "Do it:\n\n```sh\nx\n```\n\nNext.\n"),
    "on the blank line below it": ("Do it:\n\nNext.\n", 1, "Do it:\n\n```sh\nx\n```\n\nNext.\n"),
    "at the end": ("Do it:", 0, "Do it:\n\n```sh\nx\n```"),
    "under a list item": ("- Do it:\n- Next.\n", 0, "- Do it:\n\n  ```sh\n  x\n  ```\n\n- Next.\n"),
    "in a quote": ("> Do\n> it:\n", 0, "> Do\n> it:\n>\n> ```sh\n> x\n> ```\n"),
    "under a heading": ("## A\ntext\n", 0, "## A\n\n```sh\nx\n```\n\ntext\n"),
    "under an underlined heading": ("A\n===\n", 0, "A\n===\n\n```sh\nx\n```\n"),
    "under a cell": ("```sh\n```\n", 1, "```sh\n```\n\n```sh\nx\n```\n"),
    "under an unclosed one": ("- ```sh\n", 0, "- ```sh\n  ```\n\n  ```sh\n  x\n  ```\n"),
    "under front matter": ("---\na: b\n---\n", 1, "---\na: b\n---\n\n```sh\nx\n```\n"),
    "in nothing": ("", 0, "```sh\nx\n```\n"),
    "above everything": ("\n\ntext\r\n", 0, "```sh\nx\n```\n\n\ntext\r\n"),
    "line ends of Windows": ("Do it:\r\n", 0, "Do it:\r\n\r\n```sh\r\nx\r\n```\r\n"),
}


@pytest.mark.parametrize(("text", "line", "expected"), CELLS.values(), ids=CELLS)
def test_add_cell(text: str, line: int, expected: str) -> None:
    assert apply_edits(text, add_cell(parse(text), line, "sh", "x")) == expected


OUTPUTS = {
    "added": ("```sh\nls\n```\ntext\n", "a\nb\n", "```sh\nls\n```\n\n```output\na\nb\n```\ntext\n"),
    "replaced": ("```sh\n```\n\n```output\nold\n```\n", "new", "```sh\n```\n\n```output\nnew\n```\n"),
    "not another cell's": (
        "```sh\n```\ntext\n```output\nold\n```\n",
        "new",
        "```sh\n```\n\n```output\nnew\n```\ntext\n```output\nold\n```\n",
    ),
    "in a list in a quote": (
        "> - ```sh\n>   ```\n",
        "a\n\nb",
        "> - ```sh\n>   ```\n>\n>   ```output\n>   a\n>\n>   b\n>   ```\n",
    ),
    "under an indented block": ("- a\n\n      ls\n", "x", "- a\n\n      ls\n\n  ```output\n  x\n  ```\n"),
    "under an unclosed fence": ("~~~sh\nls", "~~~", "~~~sh\nls\n~~~\n\n~~~~output\n~~~\n~~~~"),
    "with fences in it": ("```sh\n```", "```\n", "```sh\n```\n\n````output\n```\n````"),
    "empty": ("```sh\n```\n", "", "```sh\n```\n\n```output\n```\n"),
}


@pytest.mark.parametrize(("text", "output", "expected"), OUTPUTS.values(), ids=OUTPUTS)
def test_set_output(text: str, output: str, expected: str) -> None:
    runbook = parse(text)
    assert apply_edits(text, set_output(runbook, runbook.cells[0], output)) == expected


ATTRIBUTES = [
    # info string, key, value, info string after
    ("", "name", "x", " {name=x}"),
    ("sh", "name", "x", "sh {name=x}"),
    ("sh  ", "name", "two words", 'sh {"name":"two words"}  '),
    ("sh {tag=a}", "name", "x", "sh {tag=a name=x}"),
    ("sh { tag=a }", "name", "x", "sh { tag=a name=x }"),
    ("sh {name=a tag=b}", "name", "x", "sh {name=x tag=b}"),
    ("sh {name=a tag=b}", "name", "two words", 'sh {"name":"two words","tag":"b"}'),
    ('sh {"name": "a", "tag": 1}', "name", "x", 'sh {"name":"x", "tag": 1}'),
    ('sh {"tag": 1}', "name", "a`}b", 'sh {"tag": 1,"name":"a\\u0060\\u007db"}'),
    ("sh {}", "name", "x", 'sh {"name":"x"}'),
    ("sh{tag=a}", "name", "x", "sh {tag=a name=x}"),
    ("sh {tag=a", "name", "x", "sh {tag=a name=x}"),
    ("{.sh #a}", "name", 'x "y"', '{.sh #a name="x \\"y\\""}'),
    ('bash title="a b"', "title", "c", "bash title=c"),
    ('bash title="a b"', "name", "c", 'bash title="a b" {name=c}'),
    ("js {1,3}", "name", "c", "js {1,3} {name=c}"),
    ("sh {name=x}", "name", "x", "sh {name=x}"),
]


@pytest.mark.parametrize(("info", "key", "value", "expected"), ATTRIBUTES)
def test_set_attribute(info: str, key: str, value: str, expected: str) -> None:
    runbook = parse(f"> ```{info}\n> x\n> ```\n")
    text = apply_edits(runbook.text, set_attribute(runbook, runbook.cells[0], key, value))
    assert text == f"> ```{expected}\n> x\n> ```\n"
    assert parse(text).cells[0].attributes[key] == value


def test_set_an_option_of_myst() -> None:
    runbook = parse("- ```{code} sh\n  x\n  ```\n")
    text = apply_edits(runbook.text, set_attribute(runbook, runbook.cells[0], "name", "a"))
    assert text == "- ```{code} sh\n  :name: a\n  x\n  ```\n"
    again = parse(text)
    assert apply_edits(text, set_attribute(again, again.cells[0], "name", "b")) == text.replace("a\n", "b\n")


@pytest.mark.parametrize("text", ["    x\n", "```{note}\n```\n", "```{.sh}\n```\n"])
def test_no_place_for_attributes(text: str) -> None:
    runbook = parse(text)
    with pytest.raises(RunbookError, match="cannot"):
        set_attribute(runbook, runbook.cells[0], "name", "`")


# Any body in any container.

CONTAINERS = [
    "",
    "- ",
    "1. ",
    "10) ",
    "> ",
    ">",
    "* > ",
    "> - ",
    "- - ",
    "  ",
    "-\t",
    "!!! note\n    text\n\n    ",
]
FENCES = [
    "```",
    "~~~",
    "````",
    "  ```",
    "``` ",
    "```sh {name=a}",
    "```sh{x=1",
    "~~~{.sh}",
    "indented",
    "open",
]
bodies = st.text(
    st.sampled_from("ab $>-#`~|\t\n\r\f\u2028🚀部") | st.characters(exclude_categories=["Cs"]), max_size=30
) | st.sampled_from(["```\nx\n````", "~~~", "> q\n- l\n\n# h", "\n\nx\n\n", "    ", "\tx\n\t\ty", ":::"])


@st.composite
def runbooks(draw: st.DrawFn) -> str:
    """A cell in a container, between other text."""
    container, fence = draw(st.sampled_from(CONTAINERS)), draw(st.sampled_from(FENCES))
    opener = container.rpartition("\n")[2]
    prefix = "".join(c if c in ">\t" else " " for c in opener)
    lines = draw(st.lists(st.sampled_from(["x", "", "  y", "$ ls"]), max_size=3))
    if fence == "indented":
        code = ["    z", *("    " + line for line in lines if line)]
    else:
        marker = fence if fence != "open" else "```"
        close = [] if fence == "open" else ["".join(c for c in marker if c in "`~")]
        code = [marker, *lines, *close]
    block = container + ("\n" + prefix).join(code)
    before = draw(st.sampled_from(["", "text\n\n", "---\na: b\n---\n\n", "# h\n", "\ufeff"]))
    after = draw(st.sampled_from(["", "\n", "\n\ntext\n", "\n\n- a\n- b", "\n\n```js\n```\n"]))
    return draw(st.sampled_from(["\n", "\r\n", "\r"])).join((before + block + after).split("\n"))


def read_back(body: str) -> str:
    """What a body is once it stands in a runbook."""
    lines = LINE_END.split(body.replace("\0", "\ufffd"))
    return "\n".join(lines[:-1] if lines[-1] == "" else lines)


def edited(runbook: Runbook, edits: Sequence[TextEdit], first: int, last: int) -> str:
    """The text after the edits, which touch the lines from `first` to `last` only and do not overlap."""
    spans = sorted(edit.span for edit in edits)
    assert all(first <= span.start.line <= span.end.line <= last for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    return apply_edits(runbook.text, edits)


@examples(300)
@given(runbooks(), bodies)
def test_any_body_is_read_back(text: str, body: str) -> None:
    runbook = parse(text)
    assume(runbook.cells)
    cell = runbook.cells[0]
    after = parse(edited(runbook, replace_body(runbook, cell, body), cell.start_line, cell.end_line))
    assert after.cells[0].body == read_back(body)
    assert after.cells[0].attributes == cell.attributes
    assert len(after.cells) == len(runbook.cells)
    assert not replace_body(after, after.cells[0], body) or after.cells[0].kind == "indented"


@examples(200)
@given(runbooks(), bodies, st.integers(0, 12))
def test_any_added_cell_is_read_back(text: str, body: str, line: int) -> None:
    runbook = parse(text)
    line = min(line, len(split_lines(text)))
    edits = add_cell(runbook, line, "new", body)
    assert [edit.span.start for edit in edits] == [edit.span.end for edit in edits]
    after = parse(edited(runbook, edits, 0, len(split_lines(text))))
    (added,) = (cell for cell in after.cells if cell.language == "new")
    assert added.body == read_back(body)
    assert [cell.body for cell in after.cells if cell is not added] == [cell.body for cell in runbook.cells]


@examples(200)
@given(runbooks(), bodies, bodies)
def test_any_output_is_read_back(text: str, output: str, second: str) -> None:
    runbook = parse(text)
    assume(runbook.cells)
    for expected in (output, second):
        cell, old = runbook.cells[0], output_block(runbook, runbook.cells[0])
        first, last = (old.start_line, old.end_line) if old else (cell.end_line, cell.end_line)
        after = parse(edited(runbook, set_output(runbook, cell, expected), first, last))
        block = output_block(after, after.cells[0])
        assert block is not None
        assert block.body == read_back(expected)
        assert after.cells[0].body == runbook.cells[0].body
        runbook = after
    assert sum(cell.language == "output" for cell in runbook.cells) == 1


@examples(200)
@example("~~~{.sh}\n~~~\n", "name", "\0")
@given(runbooks(), st.sampled_from(["name", "cwd", "x-y"]), st.text(max_size=20))
def test_any_attribute_is_read_back(text: str, key: str, value: str) -> None:
    runbook = parse(text)
    assume(runbook.cells)
    cell = runbook.cells[0]
    assume(cell.kind == "fence" and not ("{." in cell.info and LINE_END.search(value)))
    try:
        edits = set_attribute(runbook, cell, key, value)
    except RunbookError:
        assert "`" in value or "\0" in value
        return
    after = parse(edited(runbook, edits, cell.start_line, cell.start_line)).cells[0]
    assert after.attributes == {**cell.attributes, key: value}
    assert (after.body, after.language, after.start_line) == (cell.body, cell.language, cell.start_line)


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="needs ../shared/corpus")
def test_every_cell_of_the_corpus_takes_another_body() -> None:
    for path in sorted(Path(SHARED / "corpus").rglob("*.md*"))[::4]:
        text = path.read_bytes().decode()
        runbook = parse(text)
        for index, cell in enumerate(runbook.cells[:6]):
            edits = replace_body(runbook, cell, "echo 1\n\n  ```\n")
            after = parse(edited(runbook, edits, cell.start_line, cell.end_line))
            assert after.cells[index].body == "echo 1\n\n  ```", path
            assert len(after.cells) == len(runbook.cells), path
