"""YAML that a look tells to be a sound mapping is one; what front matter says does not depend on the look."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from runbook_ls.document import front_matter
from runbook_ls.document.plain_yaml import is_plain_mapping
from tests.document.texts import examples

_VALUES = st.sampled_from(
    r"""
    word ¦ a: b ¦ a:b ¦ a: ¦ a #b ¦ a#b ¦ Two words ¦ yes ¦ null ¦ ~ ¦ = ¦ << ¦ <a> ¦ ../x ¦ .. ¦ . ¦ (a) ¦ /a ¦ é ¦ ,a
    0 ¦ 08 ¦ 010 ¦ -1 ¦ - 1 ¦ --1 ¦ 1_0 ¦ 0x ¦ 0b ¦ 0x1F ¦ 1:30 ¦ 1.5 ¦ .5 ¦ .inf ¦ 1e3 ¦ 1E5 ¦ 01HF7BXA ¦ 1/2/2024
    2024-02-28 ¦ 2024-02-30 ¦ 2023-02-29 ¦ 2024-04-31 ¦ 2024-12-31 ¦ 2024-1-2 ¦ 0000-01-01 ¦ 2024-01-01T00:00:00Z
    2024-01-01 23:59:59+14:59 ¦ 2024-01-01T24:00:00Z ¦ 2024-01-01t1:2:3 ¦ 2024-01-01 00:00:00-24:00
    "a: #b" ¦ "a ¦ "a\q" ¦ "a" b ¦ 'it''s' ¦ 'a b' ¦ 'a'b ¦ | ¦ >- ¦ @a ¦ *a ¦ &a b ¦ !!int x ¦ %a ¦ `a` ¦ ?a ¦ ? a
    [] ¦ [a, b] ¦ [a,1] ¦ [a, ] ¦ [a b] ¦ [a ¦ {a: b} ¦ {a: {b: 1}} ¦ {a} ¦ {a: b: c} ¦ {}
    {{ x }} ¦ "{{ a "b" }}" ¦ {% x %} y ¦ x {{ {y} }}
    """.strip()
    .replace("\n", "¦")
    .split("¦")
)
_BARE_VALUES = _VALUES.map(str.strip) | st.sampled_from(
    ("9" * 100, "9" * 5000, "a\tb", "\t", "a\x7f", "a\x85", "a ")
)
_KEYS = st.sampled_from(
    ("a", "b", "b", "ms.date", "a-b", "yes", "null", "1", "<<", '"a"', "a b", "k" * 101, "{{x}}")
)
_INDENTS = st.sampled_from(("", "", "", " ", "  ", "    "))
_LINES = st.one_of(
    st.builds("{}{}: {}\n".format, _INDENTS, _KEYS, _BARE_VALUES),
    st.builds("{}- {}\n".format, _INDENTS, _BARE_VALUES),
    st.builds("{}{}:\n".format, _INDENTS, _KEYS),
    st.sampled_from(("a: \n", "\n", " \n", "# a: b\n", "  # a\n", "{{ x }}\n", "--- \n", "...\n", "a\n")),
)
_TEXTS = st.lists(_LINES, max_size=6).map("".join) | st.text("ab:- \n#'\"[]{},0.1<&*!|>\t", max_size=20)


@examples(800)
@given(_TEXTS)
@example("{{ a {b} }}\n")
def test_any_text(text: str) -> None:
    whole = f"---\n{text}---\n# Title\n"
    found = front_matter.read_head(whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(front_matter, "is_plain_mapping", lambda text: False)
        assert found == front_matter.read_head(whole)


@examples(800)
@given(_TEXTS)
def test_what_is_plain_is_a_mapping(text: str) -> None:
    if is_plain_mapping(text):
        assert isinstance(yaml.safe_load(text) or {}, dict)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title: Two words\nweight: 40\ndate: 2024-02-28\nauthor: '[A](https://b.c)'\n",
        "runme:\n  id: 01HF7BT3HCDS1X1WJJHXFHR4ZG\n  session:\n    id: x\n# why\ntags: [a, b]\nmenu: {a: {b: 1}}",
        "tags:\n- a\n- b\nother:\n  - c\n",
    ],
)
def test_what_is_plain(text: str) -> None:
    assert is_plain_mapping(text)


@pytest.mark.parametrize(
    "text", ["a:" + " " * 4000, "a: " + "[a" + ",a" * 2000, "a: '" + " " * 4000, "a:\n  b: c\n" * 400]
)
def test_hostile_text_takes_no_longer(text: str) -> None:
    assert not is_plain_mapping(text + "\x01")
