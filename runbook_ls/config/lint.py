"""The lint settings of a folder: `[lint]` in `runbook-ls.toml`, or `[tool.runbook-ls.lint]` in `pyproject.toml`.

They choose rules and nothing else: no setting here starts a program or sends anything out.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from runbook_ls.files import absolute, read_regular
from runbook_ls.values import RunbookError


class LintTable(NamedTuple):
    """What a settings file says about lint. `folder` is where it lies; patterns and paths are relative to it."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()
    baseline: str = ""
    fail_on: str = "warning"
    folder: str = ""


def find_table(folder: Path) -> LintTable:
    """The settings for the files of `folder`: those of the nearest file above, none above a repository's root.

    `runbook-ls.toml` comes before `pyproject.toml`; a file without a table for lint is passed over. Raises
    RunbookError for what is not TOML, an unknown key and a value of the wrong kind.
    """
    first = absolute(folder)
    for here in (first, *first.parents):
        for name, way in _FILES:
            file = here / name
            try:
                changed = file.stat().st_mtime_ns
            except OSError:
                continue
            table = _load(file, way, changed)
            if table is not None:
                return table
        if (here / ".git").exists():
            break
    return LintTable()


_FILES = (("runbook-ls.toml", ("lint",)), ("pyproject.toml", ("tool", "runbook-ls", "lint")))


@lru_cache(maxsize=32)
def _load(file: Path, way: tuple[str, ...], changed: int) -> LintTable | None:
    """The table at `way` in a file that was last changed at `changed`; None if it has none."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        found: object = tomllib.loads(read_regular(file).decode())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RunbookError(f"{file}: these settings cannot be read: {reason}.") from None
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, or nested without end
        raise RunbookError(f"{file}: these settings are not valid TOML: {error}.") from None
    for key in way:
        found = found.get(key) if isinstance(found, Mapping) else None
    if found is None:
        return None
    where = f"{file}, [{'.'.join(way)}]"
    if not isinstance(found, Mapping):
        raise RunbookError(f"{where} must be a table of settings.")
    return _table(found, where, file.parent)


def _table(given: Mapping[str, object], where: str, folder: Path) -> LintTable:
    known = [name.replace("_", "-") for name in LintTable._fields if name != "folder"]
    values: dict[str, Any] = {"folder": str(folder)}
    for key, value in given.items():
        name = key.replace("_", "-")
        if name not in known:
            raise RunbookError(f'{where}: there is no setting "{key}"; there are {", ".join(known)}.')
        values[name.replace("-", "_")] = _value(name, value, f'{where}: "{key}"')
    return LintTable(**values)


def _value(name: str, value: object, where: str) -> object:
    if name == "baseline":
        if not isinstance(value, str):
            raise RunbookError(f"{where} must be the path of a file, not {value!r}.")
        return value
    if name == "fail-on":
        if value not in ("error", "warning"):
            raise RunbookError(f'{where} must be "error" or "warning", not {value!r}.')
        return value
    if name == "per-file-ignores":
        if not isinstance(value, Mapping):
            raise RunbookError(f'{where} must be a table such as {{"docs/old/*.md" = ["RB104"]}}.')
        return tuple((pattern, _texts(words, f"{where}, {pattern!r}")) for pattern, words in value.items())
    return _texts(value, where)


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise RunbookError(f'{where} must be a list of texts such as ["RB104"], not {value!r}.')
    return tuple(cast("list[str]", value))
