"""Hypothesis strategies: runbooks out of the pieces that make parsing hard, and edits of them."""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis import strategies as st

from runbook_ls.document.lines import apply_edits, split_lines, without_ending
from runbook_ls.values import Position, Span, TextEdit

# Set RUNBOOK_LS_FUZZ=200000 for a long run.
LONG_RUN = int(os.environ.get("RUNBOOK_LS_FUZZ", "0"))

PIECES = (
    *(
        "```",
        "```\n",
        "```sh\n",
        "~~~bash {name=a b=}\n",
        "````",
        "  ```sh {'a': 'b'}\n",
        "```{.sh #x}\n",
        "```sh{x=1,",
    ),
    *("- ", "1. ", "10) ", "* ", "> ", ">", "    ", "\t", "  ", " "),
    *("# h\n", "## h\n", "===\n", "---\n", "***\n", "+++\n", "a: b\n", "{", "}", '{"a": 1}\n', "{{ x }}\n"),
    *(
        "<!--",
        "-->",
        "<div>\n",
        "</div>\n",
        "<script>",
        "</script>",
        "<?",
        "[a]: /u\n",
        '"title"\n',
        '[a]: /u "',
        '"',
    ),
    *("::: note\n", ":::\n", ":::{code-block} sh\n", ":name: x\n", '=== "T"\n', "!!! note\n", "??? tip\n"),
    *("\n", "\n\n", "\r\n", "\r", "\f", "\u2028", "\x85", "\0", "\ufeff", "🚀", "部署", "\ud800"),
    *("word", "text\n", "$ ls\n", "| a |\n|---|\n", "run:\n", "Note: x\n"),
)

runbook_texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80)


@st.composite
def edits_of(draw: st.DrawFn, text: str) -> tuple[list[TextEdit], str]:
    """One to three edits as an editor sends them, each of the text that the one before left; and the last text."""
    edits = []
    for _ in range(draw(st.integers(1, 3))):
        lines = split_lines(text)
        start = draw(positions(lines))
        end = start
        if draw(st.booleans()):
            end = Position(start.line + draw(st.integers(0, 3)), draw(st.integers(0, 6)))
        edit = TextEdit(
            Span(min(start, end), max(start, end)),
            draw(st.lists(st.sampled_from(PIECES), max_size=3).map("".join)),
        )
        edits.append(edit)
        text = apply_edits(text, [edit])
    return edits, text


@st.composite
def positions(draw: st.DrawFn, lines: list[str]) -> Position:
    """A position in a text of these lines, more often than not at the start of one."""
    line = draw(st.integers(0, len(lines)))
    width = len(without_ending(lines[line])) if line < len(lines) else 0
    return Position(line, draw(st.just(0) | st.integers(0, width)))


def examples(count: int) -> settings:
    """So many examples, or as many as a long run asks for."""
    return settings(max_examples=LONG_RUN or count, deadline=None)
