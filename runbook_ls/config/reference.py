"""All settings as a table of markdown: the one of docs/configuration.md.

    python -m runbook_ls.config.reference docs/configuration.md

puts the table in its place there; a test keeps it so.
"""

from __future__ import annotations

import json
import sys
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from runbook_ls.config.settings import Settings, Table

_BEGIN, _END = "<!-- settings: made by runbook_ls/config/reference.py -->\n", "<!-- end of settings -->\n"


def table() -> str:
    """One row for each setting: its name, its default, whether a workspace may set it, and what it means."""
    rows = ["| setting | default | in a workspace | what |", "|---|---|---|---|"]
    rows += [
        f"| `{each.name.replace('_', '.', 1)}` | `{_default(each)}` | {_in_workspace(each)} | {each.metadata['about']} |"
        for each in fields(Settings)
    ]
    return "\n".join(rows) + "\n"


def put(page: str) -> str:
    """The page with the table between its two marks."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return before + _BEGIN + "\n" + table() + "\n" + _END + after


def _default(setting: Field[Any]) -> str:
    value = setting.default
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Table):
        return json.dumps(dict(value))
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def _in_workspace(setting: Field[Any]) -> str:
    if setting.metadata["own"]:
        return "no"
    only = setting.metadata["only"]
    return f"only `{json.dumps(only)}`" if only else "yes"


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(put(file.read_text(encoding="utf-8")), encoding="utf-8")
