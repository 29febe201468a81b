"""Reading settings files: the user's own, and the workspace's where it is trusted."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from runbook_ls.config.paths import Paths
from runbook_ls.config.settings import Loaded, Settings, merge
from runbook_ls.config.trust import Trust


def load(paths: Paths, workspace: Path | None, trust: Trust) -> Loaded:
    """Defaults, then the user's file, then the workspace's `runbook-ls.toml` (only if trusted)."""
    loaded = Loaded(Settings())
    files = [paths.user_settings]
    if workspace is not None and trust.workspace_settings:
        files.append(workspace / "runbook-ls.toml")
    for file in files:
        table, complaint = _read(file)
        # `config/lint.py` reads the table for lint, for each folder on its own.
        over = merge(loaded.settings, {k: v for k, v in table.items() if k != "lint"}, str(file))
        loaded = Loaded(over.settings, loaded.complaints + complaint + over.complaints)
    return loaded


def _read(file: Path) -> tuple[Mapping[str, object], tuple[str, ...]]:
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}, ()
    except (OSError, UnicodeDecodeError) as error:
        return {}, (f"{file}: settings cannot be read ({error}); the defaults apply.",)
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text), ()
    except tomllib.TOMLDecodeError as error:
        return {}, (f"{file}: not valid TOML ({error}); the defaults apply.",)
