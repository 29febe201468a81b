"""Symbols, folding, links, definition, references, rename. Each case is a runbook with a cursor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lsprotocol import types

from runbook_ls.values import RunbookError

from .conftest import Features

Open = Callable[..., Features]

RUNBOOK = """\
# Deploy

See [the check](#check) and [the other](other.md#the-end), then `deploy`.

```sh {name=deploy}
IMAGE=shop
echo "$IMAGE" > /tmp/x
```

## Then

```sh {name="check"}
IMAGE=other; curl "http://$IMAGE/health"
runbook-ls run runbook.md deploy
```
"""


def cursor(at: str, offset: int = 0) -> str:
    """The runbook with the cursor in the last place where `at` stands."""
    place = RUNBOOK.rindex(at) + offset
    return RUNBOOK[:place] + "$0" + RUNBOOK[place:]


def spans(found: object) -> list[tuple[int, int, int]]:
    return [(at.range.start.line, at.range.start.character, at.range.end.character) for at in found]  # type: ignore[attr-defined]


def test_symbols_are_headings_with_their_cells(features: Open) -> None:
    here = features(cursor("# Deploy"))
    here.server.protocol.client_capabilities = types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            document_symbol=types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True)
        )
    )

    def tree(symbols: object) -> list[object]:
        return [(s.name, s.range.end.line, tree(s.children or ())) for s in symbols]  # type: ignore[attr-defined]

    found = here.on(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    assert tree(found) == [("Deploy", 14, [("deploy", 7, []), ("Then", 14, [("check", 14, [])])])]


def test_a_plain_client_gets_a_flat_list(features: Open) -> None:
    found = features(cursor("# Deploy")).on(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    assert [(s.name, s.container_name) for s in found] == [  # type: ignore[attr-defined]
        ("Deploy", None), ("deploy", "Deploy"), ("Then", "Deploy"), ("check", "Then"),
    ]  # fmt: skip


def test_folding(features: Open) -> None:
    found = features("---\nshell: zsh\n---\n" + RUNBOOK).on(types.TEXT_DOCUMENT_FOLDING_RANGE)
    assert [(f.start_line, f.end_line) for f in found] == [  # type: ignore[attr-defined]
        (0, 2), (3, 17), (7, 10), (12, 17), (14, 17),
    ]  # fmt: skip


def test_links_to_files_that_exist(features: Open, tmp_path: Path) -> None:
    assert features(cursor("#")).on(types.TEXT_DOCUMENT_DOCUMENT_LINK) == []
    (tmp_path / "other.md").write_text("# Start\n\ntext\n\n# The end\n")
    (link,) = features(cursor("#")).on(types.TEXT_DOCUMENT_DOCUMENT_LINK)  # type: ignore[misc]
    assert link.target == (tmp_path / "other.md").as_uri() + "#the-end"
    assert (link.range.start.line, link.range.start.character, link.range.end.character) == (2, 40, 56)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("$IMAGE/", [(12, 0, 5)]),
        ('$IMAGE"', [(5, 0, 5)]),
        ("deploy\n```", [(4, 12, 18)]),
        ("deploy`", [(4, 12, 18)]),
        ("#check", [(11, 0, 0)]),
        ("curl", []),
        ("Deploy", []),
    ],
)
def test_definition(features: Open, at: str, expected: list[tuple[int, int, int]]) -> None:
    found = features(cursor(at, 2)).at(types.TEXT_DOCUMENT_DEFINITION)
    assert spans(found) == expected


def test_definition_in_another_runbook(features: Open, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# Start\n\ntext\n\n# The end\n")
    found = features(cursor("other.md", 2)).at(types.TEXT_DOCUMENT_DEFINITION)
    assert [at.uri for at in found] == [(tmp_path / "other.md").as_uri()]  # type: ignore[attr-defined]
    assert spans(found) == [(4, 0, 0)]


@pytest.mark.parametrize(
    ("at", "declaration", "expected"),
    [
        ("IMAGE=shop", True, [(5, 0, 5), (6, 7, 12), (12, 0, 5), (12, 27, 32)]),
        ("IMAGE=shop", False, [(6, 7, 12), (12, 27, 32)]),
        ("deploy}", True, [(2, 65, 71), (4, 12, 18), (13, 26, 32)]),
        ("#check", True, [(2, 16, 22), (11, 13, 18)]),
    ],
)
def test_references(features: Open, at: str, declaration: bool, expected: list[tuple[int, int, int]]) -> None:
    context = types.ReferenceContext(include_declaration=declaration)
    assert spans(features(cursor(at, 1)).at(types.TEXT_DOCUMENT_REFERENCES, context=context)) == expected


@pytest.mark.parametrize(
    ("at", "new", "changes"),
    [
        ("IMAGE=shop", "TAG", [("IMAGE", "TAG")]),
        ("deploy}", "ship", [("name=deploy", "name=ship"), ("`deploy`", "`ship`"), ("md deploy", "md ship")]),
        ("#check", "probe", [('name="check"', "name=probe"), ("(#check)", "(#probe)")]),
    ],
)
def test_rename(features: Open, at: str, new: str, changes: list[tuple[str, str]]) -> None:
    here = features(cursor(at, 1))
    expected = RUNBOOK
    for old, becomes in changes:
        expected = expected.replace(old, becomes)
    assert here.at(types.TEXT_DOCUMENT_PREPARE_RENAME) is not None
    assert here.text_after(here.at(types.TEXT_DOCUMENT_RENAME, new_name=new)) == expected


@pytest.mark.parametrize(
    ("at", "new", "sentence"),
    [
        ("IMAGE=shop", "a b", "is no name for a shell variable"),
        ("deploy}", "check", "has a cell named check already"),
        ("deploy}", "a b", "is no name for a cell"),
        ("curl", "x", "Nothing to rename here"),
        ("other.md", "x", "Only cells and shell variables"),
    ],
)
def test_what_cannot_be_renamed(features: Open, at: str, new: str, sentence: str) -> None:
    with pytest.raises(RunbookError, match=sentence):
        features(cursor(at, 1)).at(types.TEXT_DOCUMENT_RENAME, new_name=new)


def test_a_variable_from_outside_keeps_its_name(features: Open) -> None:
    with pytest.raises(RunbookError, match="comes from outside"):
        features("Go\n\n```sh\ncd $HO$0ME\n```\n").at(types.TEXT_DOCUMENT_PREPARE_RENAME)
