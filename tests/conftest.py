"""What every test gets: a home of its own, so that nothing of the person who runs the tests is read or written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run, so that a commit that passed passes again; `make explore` looks for others. A busy
# machine fails nothing.
settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=500, deadline=None)
settings.load_profile("suite")

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared"


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty HOME and RUNBOOK_LS_HOME; no model; a plain locale."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("RUNBOOK_LS_HOME", str(home / "runbook-ls"))
    monkeypatch.setenv("RUNBOOK_LS_LLM", "off")
    monkeypatch.setenv("SHLVL", "1")  # else servers would ask the login shell for its environment
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "BASH_ENV", "ENV"):
        monkeypatch.delenv(name, raising=False)
    return home


def shared(name: str) -> Path:
    """A folder of real runbooks or reference data beside the project; skips, aloud, where it is absent."""
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"needs {folder}, which is not there")
    return folder
