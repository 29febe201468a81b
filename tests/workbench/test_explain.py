"""What is said about cells and runs, in markdown that cites runbooks without becoming what they say."""

from __future__ import annotations

import pytest

from runbook_ls.workbench import explain


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("`rm` removes files", "`rm` removes files"),
        ("`$(a)[0]` is computed", "`$(a)[0]` is computed"),
        ("`x`![i](https://e)`", r"\`x\`!\[i\](https://e)\`"),
        ("see [a][b]", r"see \[a\]\[b\]"),
        ("`<img src=x>`", r"\`\<img src=x>\`"),
        ("<https://e>", r"\<https://e>"),
        ("a ![i]\n(https://e)", r"a !\[i\] (https://e)"),
    ],
)
def test_a_sentence_cites_and_fetches_nothing(said: str, shown: str) -> None:
    assert explain.sentence(said) == shown


def test_plain_text_is_seen_as_it_is() -> None:
    assert explain.plain("restore_db.md: a * b, `c` _d_") == r"restore_db.md: a \* b, \`c\` \_d\_"
    assert explain.plain("a\x1b\u202e") == r"a\\x1b\\u202e"
