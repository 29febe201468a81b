"""Cells are the code blocks that CommonMark sees: the same ones, on the same lines, with the same text and language
as an independent parser finds, cmark-gfm."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from runbook_ls.document import parse
from runbook_ls.document.rules import markdown_parser
from tests.document.cases import SHARED, Case, read_cases
from tests.document.texts import examples, runbook_texts

cmark = pytest.importorskip("cmarkgfm.cmark")

_CODE = re.compile(
    r'<pre data-sourcepos="(\d+):\d+-(\d+):\d+"><code(?: class="language-([^"]*)")?>([^<]*)</code></pre>'
)


class Block(NamedTuple):
    """A code block: 1-based lines with the fences, language in lower case, text."""

    first: int
    last: int
    language: str
    text: str


# Where cmark-gfm says otherwise, and why that is left so: the file or case; our first and last line and language;
# cmark's; the reason.
_COUNTS_THE_NEXT = "cmark counts the line that ends the container of an unclosed fence as the fence's last"
_TAKES_ATTRIBUTES = "Runme's attributes without a language; CommonMark takes the first word for one"
DISAGREEMENTS = {
    "runme/internal/client/graphql/schema/README.md": (
        (18, 22, ""),
        (18, 22, '{"id":"01hf7bt3haz32wvafyj2bx02jw"}'),
        _TAKES_ATTRIBUTES,
    ),
    "openshift-runbooks/alerts/openshift-virtualization-operator/GuestVCPUQueueHighCritical.md": (
        (22, 26, "promql"),
        (22, 28, "promql"),
        _COUNTS_THE_NEXT,
    ),
    "an unclosed fence runs to the end of its list item": ((1, 2, "sh"), (1, 4, "sh"), _COUNTS_THE_NEXT),
    "an unclosed fence runs to the end of its quote": ((1, 2, "sh"), (1, 3, "sh"), _COUNTS_THE_NEXT),
}
# cmark-gfm takes a byte order mark for indentation if it is not at the very start of its input.
_NO_CASES = ("a byte order mark before an indented block",)


def check_agreement(name: str, text: str) -> int:
    """Compare all blocks of a text; how many there are."""
    ours, skipped = cells_of(text)
    theirs = code_blocks(text, skipped)
    if name in DISAGREEMENTS:
        mine, other, _ = DISAGREEMENTS[name]
        index = [block[:3] for block in ours].index(mine)
        assert theirs[index][:3] == other
        text = theirs[index].text.rstrip("\n")
        theirs[index] = Block(*mine, text)
    assert ours == theirs, name
    return len(ours)


def cells_of(text: str) -> tuple[list[Block], int]:
    """The cells, and the offset of the text below the front matter."""
    runbook = parse(text, "commonmark")
    return [
        Block(cell.start_line + 1, cell.end_line + 1, cell.language, cell.body) for cell in runbook.cells
    ], runbook.head.size


def code_blocks(text: str, skipped: int) -> list[Block]:
    """What cmark-gfm sees below the front matter.

    It counts the blank lines after an indented block, and those at the end of an unclosed fence, as part of it; a
    cell ends at its last line that is not blank.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    above = len(lines) - len(text[skipped:].replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    options = cmark.Options.CMARK_OPT_SOURCEPOS | cmark.Options.CMARK_OPT_UNSAFE
    blocks = []
    for first, last, language, code in _CODE.findall(cmark.markdown_to_html(text[skipped:], options=options)):
        start, end = int(first) + above, int(last) + above
        while end > start and not lines[end - 1].strip(" \t>"):
            end -= 1
        body = html.unescape(code).removesuffix("\n")
        if end < int(last) + above or first == last:
            body = body.rstrip("\n ")
        blocks.append(Block(start, end, html.unescape(language).lower(), body))
    return blocks


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="needs ../shared/corpus")
def test_every_file_of_the_corpus() -> None:
    corpus = SHARED / "corpus"
    files = sorted(corpus.rglob("*.md*"))
    blocks = [
        check_agreement(path.relative_to(corpus).as_posix(), path.read_bytes().decode()) for path in files
    ]
    assert len(files) > 600
    assert sum(blocks) > 2000


@pytest.mark.parametrize(
    "case", [case for case in read_cases("cells") if case.title not in _NO_CASES], ids=lambda case: case.title
)
def test_every_case(case: Case) -> None:
    check_agreement(case.title, case.text)


@examples(300)
@given(runbook_texts)
def test_our_rules_find_what_those_of_markdown_it_find(text: str) -> None:
    """Our rule chain gives the tokens of markdown-it's own, one for the three of a paragraph or a heading."""
    text = text.replace("\r", "\n").replace("\0", "?") + "\n"
    plain = MarkdownIt("commonmark", {"maxNesting": 100, "inline_definitions": True})
    expected, found = [], []
    plain.block.parse(text, plain, {}, expected)
    ours = markdown_parser("commonmark")
    ours.block.parse(text, ours, {}, found)
    assert [_told(token) for token in found] == [_told(token) for token in _texts_in_one(expected)]


def _texts_in_one(tokens: list[Token]) -> Iterator[Token]:
    """The tokens, where that of a text stands for the paragraph or the heading around it."""
    for before, token in pairwise([Token("", "", 0), *tokens]):
        if token.type == "inline":
            token.tag, token.level = before.tag, before.level
            yield token
        elif not token.type.startswith(("paragraph_", "heading_")):
            yield token


def _told(token: Token) -> tuple[object, ...]:
    return (
        token.type,
        token.tag,
        token.nesting,
        token.level,
        token.map,
        token.content,
        token.markup,
        token.info,
    )
