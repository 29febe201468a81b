"""Coverage-guided fuzzing of `parse` and `reparse`, by hand:

    pip install atheris
    python tests/document/fuzz.py -runs=200000 -max_len=400

It looks for exceptions, for a re-parse that differs from a parse, and for body characters that are not where they
are said to be. The input is cut in three: a text, the place of an edit, and what is inserted there.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["runbook_ls"]):
    from runbook_ls.document import parse, reparse
    from runbook_ls.document.lines import apply_edits
    from runbook_ls.document.pages import all_chunks
    from runbook_ls.values import Span, TextEdit

from tests.document.test_positions import check_positions
from tests.document.texts import PIECES


def _text(provider: atheris.FuzzedDataProvider, pieces: int) -> str:
    """A text of runbook pieces and of anything else."""
    parts = []
    for _ in range(provider.ConsumeIntInRange(0, pieces)):
        at = provider.ConsumeIntInRange(0, len(PIECES))
        parts.append(PIECES[at] if at < len(PIECES) else provider.ConsumeUnicode(4))
    return "".join(parts)


def one_input(data: bytes) -> None:
    """Parse, edit and re-parse one input."""
    provider = atheris.FuzzedDataProvider(data)
    text = _text(provider, 30)
    before = parse(text)
    check_positions(before)
    [(cell.intent, cell.script) for cell in before.cells]
    line, column, more = (provider.ConsumeIntInRange(0, limit) for limit in (20, 10, 2))
    edit = TextEdit(Span.of(line, column, line + more, column), _text(provider, 3))
    changed = apply_edits(text, [edit])
    after, expected = reparse(before, [edit], changed), parse(changed)
    assert list(all_chunks(after.pages)) == list(all_chunks(expected.pages))
    assert (after.head, after.cells, after.problems) == (expected.head, expected.cells, expected.problems)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
