"""Links and given anchors are found as patterns say that look at every character."""

from __future__ import annotations

import re

from hypothesis import assume, given
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.lint.engine import LintSettings, check
from runbook_ls.lint.rules.links import _RELATIVE_FILE, broken_link

_TEXTS = st.lists(
    st.sampled_from(["id", "=", "name", " ", '"', "'", "{#", "a", "-", "b", ".", "é", ":", "ID", "}"]),
    max_size=10,
).map("".join)
_LINKS = st.lists(
    st.sampled_from(["](", "\\", "<", ">", "a.md", ")", " ", '"', "\n", "[", "`", "](#", "](http:"]),
    max_size=12,
).map("".join)


@given(_TEXTS, _TEXTS)
def test_given_anchors(anchor: str, text: str) -> None:
    assume(anchor and " " not in anchor)
    runbook = parse(f"{text}\n\n[x](#{anchor})\n")
    told = check(runbook, settings=LintSettings(select=("RB402",)))
    pattern = rf"""(?i:\b(?:id|name)\s*=\s*["']?|\{{#){re.escape(anchor)}(?![\w-])"""
    assert bool(told) == (re.search(pattern, runbook.text) is None)


@given(_LINKS)
def test_links(markdown: str) -> None:
    pattern = r"(?<!\\)\]\((?:<([^<>\n]+)>|([^\s()<>]+))(?:[ \t]+[\"'][^\n]*?[\"'])?\)"
    assume("`" not in markdown)
    found = {(match[1] or match[2]) for match in re.finditer(pattern, markdown)}
    assert {mark.message for mark in broken_link(markdown)} == {
        f"There is no file {name}."
        for name in found
        if "#" not in name and re.fullmatch(_RELATIVE_FILE, name)
    }
