from __future__ import annotations

import pytest

from runbook_ls.lint.languages import is_known, nearest


def test_all_that_pygments_knows_is_known():
    lexers = pytest.importorskip(
        "pygments.lexers", reason="Pygments is not here: its names cannot be compared"
    )
    names = {alias.lower() for _, aliases, _, _ in lexers.get_all_lexers(plugins=False) for alias in aliases}
    missing = sorted(name for name in names if not is_known(name))
    assert not missing, "add these to runbook_ls/lint/rare_languages.py"


@pytest.mark.parametrize("word", ["bahs", "kubectl-output", "pyhton", "docsy"])
def test_what_is_no_language(word: str):
    assert not is_known(word)


@pytest.mark.parametrize(("word", "meant"), [("bahs", "bash"), ("pyhton", "python"), ("yalm", "yaml")])
def test_what_was_probably_meant(word: str, meant: str):
    assert nearest(word) == meant
