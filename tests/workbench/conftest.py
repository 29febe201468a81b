from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runbook_ls.config import paths
from runbook_ls.config.settings import Settings
from runbook_ls.config.trust import Trust
from runbook_ls.workbench.connect import connect_directly
from runbook_ls.workbench.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Callable[..., Session]]:
    """Sessions over one journal, with the settings a test asks for."""
    made: list[Session] = []

    def make(trust: Trust = Trust.TRUSTED, workspace: Path = tmp_path, **settings: object) -> Session:
        made.append(Session(paths.find(), Settings(**settings), trust, workspace, connect_directly, print))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()
