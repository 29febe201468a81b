"""Reading settings files: the user's own, and the workspace's where it is trusted."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path

from runbook_ls.config.paths import Paths
from runbook_ls.config.settings import Loaded, Settings, merge
from runbook_ls.config.trust import Trust
from runbook_ls.files import read_regular


def load(paths: Paths, workspace: Path | None, trust: Trust) -> Loaded:
    """Defaults, then the user's file, then the workspace's `runbook-ls.toml`.

    The workspace's counts only where it is trusted, except for what makes things stricter, such as
    `suggest.llm = "never"`. What says where data goes, what is started or what is removed never counts there.
    """
    table, complaints = _read(paths.user_settings)
    loaded = merge(Settings(), table, str(paths.user_settings))
    loaded = Loaded(loaded.settings, complaints + loaded.complaints)
    if workspace is None:
        return loaded
    file = workspace / "runbook-ls.toml"
    table, complaints = _read(file)
    over = merge(loaded.settings, table, str(file), own=False)
    if trust.workspace_settings:
        return Loaded(over.settings, loaded.complaints + complaints + over.complaints)
    stricter = {f.name: getattr(over.settings, f.name) for f in fields(Settings) if f.metadata["only"]}
    return replace(loaded, settings=replace(loaded.settings, **stricter))


def _why(error: OSError | UnicodeDecodeError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)


def _read(file: Path) -> tuple[Mapping[str, object], tuple[str, ...]]:
    try:
        text = read_regular(file).decode()
    except (FileNotFoundError, NotADirectoryError):
        return {}, ()
    except (OSError, UnicodeDecodeError) as error:
        return {}, (f"{file}: settings cannot be read ({_why(error)}); the defaults apply.",)
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text), ()
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return {}, (f"{file}: not valid TOML ({error}); the defaults apply.",)
