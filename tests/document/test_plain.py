"""Blocks read at a look are what markdown-it says they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.rules_block import StateBlock

from runbook_ls.document import chunks
from runbook_ls.document.block_state import BlockState
from runbook_ls.document.blocks import Chunk
from runbook_ls.document.flavour import Flavour
from runbook_ls.document.rules import markdown_parser
from tests.document.cases import SHARED
from tests.document.texts import PIECES, examples

_STARTS = st.sampled_from(
    (
        *("", "", "", "- ", "* ", "+ ", "-  ", "-     ", "1. ", "2. ", "10. ", "1) ", "# ", "###", "#", "> "),
        *("-", "--", "*", "**", "_", "__", "`", "``", "![", "!!! ", "[", "<", "=", "~", "?", ":", "\\"),
        *("  ", "    ", "      ", "\t"),
    )
)
_WORDS = st.sampled_from(
    (
        *("word", "a: b", "1", "3.5", "12 x", "1. x", "é", "\xa0", "|", "#", "`ls`"),
        *("[a]", "[a](b)", "[![x](y)](z)", "[a]: /u", "![i](j)"),
    )
)
_LINES = st.builds(
    lambda starts, words: "".join(starts) + " ".join(words) + "\n",
    st.lists(_STARTS, max_size=3),
    st.lists(_WORDS, max_size=3),
)
_KNOWN_LINES = st.sampled_from(
    (
        *(
            "\n",
            "\n",
            "\n",
            " \n",
            "word\n",
            "word\n",
            "- a\n",
            "- a\n",
            "1. a\n",
            "      b\n",
            "- \n",
            "* \n",
            "1. \n",
        ),
        *(
            "```\n",
            "```\n",
            "```sh\n",
            "``` {name=a}\n",
            "````\n",
            "~~~\n",
            "   ```\n",
            "    ```\n",
            "``` a`b\n",
        ),
        *(
            "```\nls\n    ```\n",
            "- a\n      b\n",
            "word\n    c\n",
            "word\n1. \n",
            "```{code-block} sh\n",
            ":name: x\n",
        ),
        *(
            "---\n",
            "===\n",
            "- - -\n",
            "***\n",
            "___\n",
            "-\n",
            "1.\n",
            "# a #\n",
            "## # \n",
            "#\n",
            "#######\n",
        ),
        *(
            "[a]: https://b.c/d?e=(f)\n",
            "[a]: ./b#c \n",
            "[a]: https://b(\n",
            "[a]: javascript:x\n",
            '"title"\n',
        ),
        *("(title)\n", "<!--\n", "<!-- a -->\n", "<!--->-->\n", "<!-- a --> b\n", "<div>\n", ":::\n"),
        *(
            "<div\n",
            "</td> a\n",
            " <p>a</p>\n",
            "<p/>\n",
            "<pre>\n",
            "<table-x>\n",
            "<br>\n",
            "---a\n",
            "***a\n",
        ),
    )
)
_IN_ITEMS = st.sampled_from(
    (
        *(
            "\n",
            "\n",
            " \n",
            "   \n",
            "      \n",
            "  word\n",
            "  ```\n",
            "  ```\n",
            "   ```sh\n",
            "    ```\n",
            "```\n",
        ),
        *(
            "  - a\n",
            "    - a\n",
            "  1. a\n",
            "   word\n",
            "   ls  \n",
            "    ls\n",
            "- a\n",
            "- ```\n",
            "- - a\n",
            "1. a\n",
        ),
        *(
            "10.  a\n",
            "   - a\n",
            "     word\n",
            "  # h\n",
            "  [a]: https://b.c\n",
            "word\n",
            "  > a\n",
            "  <!-- a -->\n",
            "  \tword\n",
        ),
        *(
            " - a\n",
            "  * a\n",
            "   1. a\n",
            "    1. a\n",
            " word\n",
            "a\tb\n",
            "- a\tb\n",
            "[a\n",
            "  [a]: b\n",
        ),
        *("- ---\n", "- ***\n", "- ___a\n", "  ---\n", "  ***\n", "  <div>\n", "<div>\n", "- <p>\n"),
        *("**a** b\n", "5xx\n", "---\n", "* * *\n", "+\n", "2)\n", "   # h\n", "    # h\n", "<!-- a -->\n"),
        *("   <!-- a -->\n", "     <!-- a -->\n", "<!-- a\n", "1234567890. a\n", "-a\n", "> a\n", "   > a\n"),
    )
)
_FIRST_ITEMS = st.sampled_from(
    ("- a\n", "- a\n", " - a\n", "  1. a\n", "   * a\n", "10) a\n", "word\n - a\n")
)
_LISTS = st.builds(
    lambda first, lines: first + "".join(lines),
    _FIRST_ITEMS,
    st.lists(_IN_ITEMS, min_size=1, max_size=10),
)
_IN_QUOTES = st.sampled_from(
    (
        *(
            "> a\n",
            "> a\n",
            ">\n",
            ">\n",
            "> - a\n",
            ">   b\n",
            "> # h\n",
            ">a\n",
            "> > b\n",
            ">  \n",
            ">\tb\n",
        ),
        *(
            "> ```\n",
            "> 1. a\n",
            ">     b\n",
            "> <!-- a -->\n",
            "> [!NOTE]\n",
            "> [a]: https://b.c\n",
            "> ---\n",
            "> <div>\n",
        ),
        *("\n", "\n", " \n", "a\n", "- a\n", "```\n", "# h\n", "<!-- a -->\n", " > a\n", "---\n", "    a\n"),
    )
)
_QUOTES = st.lists(_IN_QUOTES, min_size=2, max_size=10).map(lambda lines: "> a\n" + "".join(lines))
_TEXTS = (
    st.lists(_KNOWN_LINES | _LINES | st.sampled_from(PIECES), max_size=12).map("".join) | _LISTS | _QUOTES
)
_FLAVOURS = st.sampled_from(("auto", "commonmark", "mkdocs", "myst", "docusaurus"))


def _as_markdown_it_says(text: str, flavour: Flavour) -> list[Chunk]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "read_plain", lambda source, position: None)
        return chunks.read_chunks(text, flavour)


@examples(1500)
@given(_TEXTS, _FLAVOURS)
def test_any_text(text: str, flavour: Flavour) -> None:
    assert chunks.read_chunks(text, flavour) == _as_markdown_it_says(text, flavour)


@examples(200)
@given(st.text("a \t\n\x0b\xa0", max_size=40))
def test_the_state_is_that_of_markdown_it(text: str) -> None:
    parser = markdown_parser("auto")
    state = BlockState("a\n" + text + "\n", 2, parser)
    assert vars(state) == vars(StateBlock(text + "\n", parser, {}, [])) | {"offset": 2}


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="needs ../shared/corpus")
def test_every_file_of_the_corpus() -> None:
    for path in sorted((SHARED / "corpus").rglob("*.md*")):
        text = path.read_bytes().decode()
        assert chunks.read_chunks(text, "auto") == _as_markdown_it_says(text, "auto"), path


@pytest.mark.parametrize(
    "text",
    [
        "word\n\n# h\n\n```sh\nls\n```\n\n- a\n- b\n  c\n\n  \n1. a\n\n2. b\n\n[a]: https://b.c\n",
        "**a** `b`\n  c\n[d]\n",
        "a\n# b\n",
        "a\n- b\n",
        "1. a\n\n   ```sh\n   ls\n\n   pwd\n   ```\n\n2. b\n   - c\n     ```\n     ls\n     ```\n  \n   - # d\n",
        "  ```\n  ls\n  ```\n",
    ],
)
def test_what_is_read_at_a_look(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the comparison above would compare markdown-it with itself."""
    monkeypatch.delattr(chunks, "_read_block")
    assert chunks.read_chunks(text, "auto")
