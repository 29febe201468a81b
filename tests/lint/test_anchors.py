"""The anchors of headings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.document.intents import plain_text
from runbook_ls.lint.anchors import anchors_of, doubled_anchors, names_of_anchors
from runbook_ls.lint.slug import anchor_of

_TITLES = st.text(alphabet="aB1 -_.`é*", min_size=1, max_size=6).filter(lambda title: title.strip(" "))


@given(st.lists(_TITLES, max_size=6))
def test_names(titles: list[str]) -> None:
    runbook = parse("---\na: 1\n---\n" + "".join(f"x\n\n# {title}\n\n" for title in titles))
    written = [title.strip(" ") for title in titles]
    names = [anchor_of(plain_text(title)) for title in written]
    assert names_of_anchors(runbook) == names
    places = [(3 + 4 * number + 2, len(title) + 2) for number, title in enumerate(written)]
    found = list(anchors_of(runbook))
    assert [(anchor.name, (anchor.line, anchor.width)) for anchor in found] == list(
        zip(names, places, strict=True)
    )
    doubled = [(names.index(name), number) for number, name in enumerate(names) if name in names[:number]]
    assert list(doubled_anchors(runbook)) == [(found[first], found[again]) for first, again in doubled]
