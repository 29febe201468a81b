"""Which cell is which: after an edit of an open runbook (`track`), and in a file read again (`match`)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document import parse, reparse
from runbook_ls.document.identity import fingerprint, match, track
from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.values import Span, TextEdit
from tests.document.texts import edits_of, examples, runbook_texts

TEXT = """\
# Deploy

Apply the manifests:

```sh {name=apply}
kubectl apply -f manifests/
kubectl get pods
```

Wait for it:

```sh
kubectl rollout status deploy/api
```

# Clean up

Delete the pods that are left over.

```sh
kubectl delete pod --field-selector=status.phase==Failed
echo done
```
"""
APPLY, WAIT, DELETE = 0, 1, 2


def tracked(*edits: TextEdit, text: str = TEXT) -> list[int | None]:
    before, after = parse(text), text
    for edit in edits:
        after = apply_edits(after, [edit])
    return track(before, reparse(before, edits, after), edits)


def replace(old: str, new: str, text: str = TEXT) -> TextEdit:
    """The edit that replaces the one place where `old` stands."""
    assert text.count(old) == 1
    before = text[: text.index(old)]
    start, end = split_lines(before + "."), split_lines(before + old + ".")
    return TextEdit(Span.of(len(start) - 1, len(start[-1]) - 1, len(end) - 1, len(end[-1]) - 1), new)


OPEN = {
    "typing in a cell": (replace("manifests/", "manifests/prod/"), [APPLY, WAIT, DELETE]),
    "all of a body replaced": (
        replace("kubectl apply -f manifests/\nkubectl get pods", "make deploy"),
        [APPLY, WAIT, DELETE],
    ),
    "a cell renamed": (replace("name=apply", "name=deploy"), [APPLY, WAIT, DELETE]),
    "lines above": (replace("# Deploy\n", "# Deploy\n\nMore.\n\n"), [APPLY, WAIT, DELETE]),
    "a cell above": (replace("# Deploy\n", "# Deploy\n\n```sh\nls\n```\n"), [None, APPLY, WAIT, DELETE]),
    "a cell deleted": (replace("```sh\nkubectl rollout status deploy/api\n```\n", ""), [APPLY, DELETE]),
    "a cell split": (
        replace("kubectl get pods\n", "```\n\n```sh\nkubectl get pods\n"),
        [APPLY, None, WAIT, DELETE],
    ),
    "a cell duplicated below": (
        replace("# Clean up\n", "```sh\nkubectl rollout status deploy/api\n```\n\n# Clean up\n"),
        [APPLY, WAIT, None, DELETE],
    ),
    "a cell duplicated above": (
        replace("Wait for it:\n", "```sh\nkubectl rollout status deploy/api\n```\n\nWait for it:\n"),
        [APPLY, None, WAIT, DELETE],
    ),
    "cells merged": (
        replace("```\n\nWait for it:\n\n```sh\n", ""),
        [APPLY, DELETE],
    ),
    "a closing fence deleted": (replace("kubectl get pods\n```", "kubectl get pods"), [APPLY, DELETE]),
}


@pytest.mark.parametrize(("edit", "expected"), OPEN.values(), ids=OPEN)
def test_while_open(edit: TextEdit, expected: list[int | None]) -> None:
    assert tracked(edit) == expected


def test_a_cell_moved_by_the_editor() -> None:
    cell = "Wait for it:\n\n```sh\nkubectl rollout status deploy/api\n```\n\n"
    cut = replace(cell, "")
    without = apply_edits(TEXT, [cut])
    assert tracked(cut, replace("# Deploy\n\n", "# Deploy\n\n" + cell, text=without)) == [WAIT, APPLY, DELETE]


def test_the_whole_text_replaced() -> None:
    whole = TextEdit(
        Span.of(0, 0, 99, 0), TEXT.replace("manifests/", "manifests/prod").replace("# Deploy", "# Roll out")
    )
    assert tracked(whole) == [APPLY, WAIT, DELETE]


@examples(60)
@given(st.data(), runbook_texts)
def test_no_cell_is_two(data: st.DataObject, text: str) -> None:
    before = parse(text)
    edits, text = data.draw(edits_of(text))
    found = track(before, reparse(before, edits, text), edits)
    known = [index for index in found if index is not None]
    assert len(known) == len(set(known))
    assert all(0 <= index < len(before.cells) for index in known)


def matched(new: str, old: str = TEXT) -> list[int | None]:
    return match(*([fingerprint(cell) for cell in parse(text).cells] for text in (old, new)))


SECTIONS = TEXT.split("# Clean up")
AGAIN = {
    "as it was": (TEXT, [APPLY, WAIT, DELETE]),
    "sections moved": ("# Clean up" + SECTIONS[1] + "\n" + SECTIONS[0], [DELETE, APPLY, WAIT]),
    "a section renamed": (TEXT.replace("# Deploy", "# Roll out"), [APPLY, WAIT, DELETE]),
    "a cell renamed": (TEXT.replace("name=apply", "name=deploy"), [APPLY, WAIT, DELETE]),
    "a name taken away": (TEXT.replace(" {name=apply}", ""), [APPLY, WAIT, DELETE]),
    "an intent reworded": (TEXT.replace("Wait for it:", "Wait until it is there:"), [APPLY, WAIT, DELETE]),
    "a body changed": (
        TEXT.replace("status deploy/api", "status deploy/web --timeout=5m"),
        [APPLY, WAIT, DELETE],
    ),
    "a named cell rewritten": (
        TEXT.replace("kubectl apply -f manifests/\nkubectl get pods", "make"),
        [APPLY, WAIT, DELETE],
    ),
    "a cell duplicated": (TEXT + SECTIONS[1], [APPLY, WAIT, DELETE, None]),
    "a cell split": (
        TEXT.replace("kubectl get pods\n", "```\n\nLook:\n\n```sh\nkubectl get pods\n"),
        [APPLY, None, WAIT, DELETE],
    ),
    "an unnamed cell split": (
        TEXT.replace("echo done\n", "```\n\n```sh\necho done\n"),
        [APPLY, WAIT, DELETE, None],
    ),
    "a cell deleted": (TEXT.replace("```sh\nkubectl rollout status deploy/api\n```\n", ""), [APPLY, DELETE]),
    "another runbook": ("# Other\n\nCount the files.\n\n```sh\nfind . | wc -l\n```\n", [None]),
}


@pytest.mark.parametrize(("text", "expected"), AGAIN.values(), ids=AGAIN)
def test_read_again(text: str, expected: list[int | None]) -> None:
    assert matched(text) == expected


def test_an_id_is_honoured() -> None:
    old = "```sh {id=1}\na\n```\n\n```sh {id=2}\nb\n```\n"
    assert matched("```sh {id=2}\na\n```\n\n```sh {id=1}\nb\n```\n", old) == [1, 0]


def test_many_cells() -> None:
    old = "".join(f"# S{n}\n\nDo {n}:\n\n```sh\necho {n} {n * n}\n```\n\n" for n in range(300))
    assert matched(old.replace("echo", "printf"), old) == list(range(300))
