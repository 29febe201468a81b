"""Which cells a word, a tag or `--all` means."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runbook_ls.document import parse
from runbook_ls.values import RunbookError
from runbook_ls.workbench import choose
from runbook_ls.workbench.session import Session

TEXT = """\
---
tag: ops
---
# Top

```sh {name=first tag=a,b}
ls
```

```output
x
```

## Deploy it

```sh {name=second category=c}
ls
```

```bsh {name=odd}
ls
```

### Part

```sh {name=third excludeFromRunAll=true}
ls
```

```sql {name=query}
SELECT 1
```

<!-- expected_similarity=0.5 -->

```
plain
```
"""
RUNBOOK = parse(TEXT)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["second", "first", "second"], ["second", "first"]),
        (["3"], ["second"]),
        ([":16"], ["second"]),
        (["a.md:17"], ["second"]),
        (["deploy IT"], ["second", "odd", "third", "query"]),
        (["## Deploy it"], ["second", "odd", "third", "query"]),
        (["Part"], ["third", "query"]),
    ],
)
def test_words(words: list[str], names: list[str]) -> None:
    assert [cell.name for cell in choose.by_names(RUNBOOK, words, "a.md").cells] == names


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("secnd", r"there is no cell named secnd \(did you mean second\?\)"),
        ("0", "there is no cell number 0"),
        ("99", "there is no cell number 99; it has 7"),
        (":1", "there is no cell in line 1"),
    ],
)
def test_words_that_mean_none(word: str, sentence: str) -> None:
    with pytest.raises(RunbookError, match=sentence):
        choose.by_names(RUNBOOK, [word], "a.md")


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ([], ["first", "second"]), (["ops"], ["first", "second"]), (["b"], ["first"]), (["c", "a"], ["first", "second"]),
        (["d"], []),
    ],
)  # fmt: skip
def test_tags(session: Callable[..., Session], tags: list[str], names: list[str]) -> None:
    assert [cell.name for cell in choose.every(session(), RUNBOOK, "a.md", tags).cells] == names


def test_those_above_a_cell(session: Callable[..., Session]) -> None:
    (second,) = choose.by_names(RUNBOOK, ["second"], "a.md").cells
    chosen = choose.every(session(), RUNBOOK, "a.md", above=second)
    assert ([cell.name for cell in chosen.cells], chosen.skipped) == (["first"], ())


def test_what_has_no_interpreter_is_passed_over_and_said(session: Callable[..., Session]) -> None:
    assert choose.every(session(), RUNBOOK, "a.md").skipped == (
        "a.md: skipped cell odd (line 20): no interpreter for language bsh",
        "a.md: skipped cell query (line 30): no interpreter for language sql",
    )
    with_sql = choose.every(session(run_sql="psql"), RUNBOOK, "a.md")
    assert [cell.name for cell in with_sql.cells] == ["first", "second", "query"]
