"""What is remembered about the parts of a runbook never shows."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_ls.document import parse, reparse
from runbook_ls.document.lines import apply_edits
from runbook_ls.lint.engine import LintSettings, check
from runbook_ls.values import Span, TextEdit

TEXT = """\
---
shell: bash
---

# Restart

See [the checks](#checks) and ![](a.png). TODO

```sh {name=restart}
$ oc -n <namespace> delete pod YOUR_POD
```

> - Then:
>
>   ```bsah {name=restart}
>   rm -rf $DIR/
>   ```

## Check it

<!-- runbook-ls: ignore RB003 -->

```
uptime
```

## Check it
"""
PIECES = [
    "",
    "x",
    "`",
    "```\n",
    "```sh\n",
    "\n",
    "# ",
    "- ",
    "> ",
    "<pod> ",
    "<!-- runbook-ls: ignore -->\n",
    "TODO ",
    "$ ",
]
EDITS = st.tuples(st.integers(0, 30), st.integers(0, 20), st.integers(0, 3), st.sampled_from(PIECES))


@settings(deadline=None)
@given(st.lists(EDITS, min_size=1, max_size=6))
def test_after_any_edits_it_is_as_if_read_anew(edits: list[tuple[int, int, int, str]]):
    chosen = LintSettings(extend=("RB406", "RB407"))
    text, runbook = TEXT, parse(TEXT)
    check(runbook, settings=chosen)
    for line, column, removed, piece in edits:
        edit = TextEdit(Span.of(line, column, line, column + removed), piece)
        text = apply_edits(text, [edit])
        runbook = reparse(runbook, [edit], text)
        assert check(runbook, settings=chosen) == check(parse(text), settings=chosen)


def test_all_of_it_is_found():
    assert [(p.code, p.span.start.line) for p in check(parse(TEXT), settings=LintSettings()) if p.span] == [
        ("RB402", 6),
        ("RB403", 6),
        ("RB408", 6),  # suspicions, until somebody looks
        ("RB404", 6),
        ("RB102", 9),
        ("RB113", 9),
        ("RB104", 9),
        ("RB105", 9),
        ("RB005", 14),
        ("RB004", 14),
        ("RB011", 26),
    ]


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("`~#>-*[]()!<>{}= \t\r\nabTODOsh$|&\\\"'x:\u00a0\u202e")))
def test_any_text_can_be_checked(text: str):
    lines = text.count("\n") + text.count("\r") + 1
    for problem in check(parse(text), settings=LintSettings(extend=("RB4",))):
        assert problem.message.endswith((".", "?"))
        if problem.span:
            assert problem.span.start <= problem.span.end
            assert problem.span.end.line <= lines
