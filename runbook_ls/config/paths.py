"""Where data, state and configuration are kept. `RUNBOOK_LS_HOME` moves all of it under one directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from runbook_ls.files import expanded
from runbook_ls.values import RunbookError


class Paths(NamedTuple):
    """`data` holds the journal, `state` logs and outputs of runs, `config` the user's settings."""

    data: Path
    state: Path
    config: Path

    @property
    def journal(self) -> Path:
        return self.data / "journal.sqlite3"

    @property
    def outputs(self) -> Path:
        return self.state / "outputs"

    @property
    def log(self) -> Path:
        return self.state / "server.log"

    @property
    def usage(self) -> Path:
        return self.state / "model-usage.jsonl"

    @property
    def user_settings(self) -> Path:
        return self.config / "runbook-ls.toml"


def find() -> Paths:
    """The paths of this user; nothing is created. Raises RunbookError for a user that has no home."""
    home = os.environ.get("RUNBOOK_LS_HOME")
    if home:
        root = expanded(home).absolute()
        return Paths(root / "data", root / "state", root / "config")
    from platformdirs import PlatformDirs

    dirs = PlatformDirs("runbook-ls", appauthor=False)
    try:
        return Paths(Path(dirs.user_data_dir), Path(dirs.user_state_dir), Path(dirs.user_config_dir))
    except RuntimeError:  # an id that the system does not know, as in a container, and no HOME
        raise RunbookError(
            "this user has no home directory: set HOME, or RUNBOOK_LS_HOME to a directory that can be written."
        ) from None
