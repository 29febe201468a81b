"""Every setting: its name, type, default and what it means. One table; the reference page is made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal


def _setting(default: Any, about: str, choices: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
    return field(default=default, metadata={"about": about, "choices": choices})


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults. A dotted name such as `memory.embedder` is the field `memory_embedder`."""

    consent: Literal["normal", "strict"] = _setting(
        "normal",
        "`normal` asks before a cell destroys, and before an unedited suggestion does anything but read. "
        "`strict` asks before everything but reading.",
        ("normal", "strict"),
    )
    memory_embedder: Literal["minilm", "hashing"] = _setting(
        "minilm",
        "How intents become vectors: `minilm` (a model in the package) or `hashing` (none).",
        ("minilm", "hashing"),
    )
    learning: bool = _setting(True, "Whether runs teach. False pauses learning; runs are still journalled.")
    memory_learn_workspace: bool = _setting(
        True,
        "Whether a server reads the (prose, command) pairs of a trusted workspace's runbooks in the background. "
        "They answer only there.",
    )
    output: Literal["editor", "document"] = _setting(
        "editor",
        "Where a cell's output goes: `editor` shows it as the editor can, `document` also writes it into an "
        "`output` block under the cell.",
        ("editor", "document"),
    )
    runbooks: tuple[str, ...] = _setting(
        (),
        "Which files get lenses and hints: patterns as in .gitignore, relative to the workspace. None: every markdown "
        "file outside vendored and ignored folders.",
    )
    run_timeout: float = _setting(0.0, "Seconds after which a running cell is ended; 0 for never.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and what was wrong with what was read: each one sentence with the key and the reason."""

    settings: Settings
    complaints: tuple[str, ...] = ()


def merge(base: Settings, given: Mapping[str, object], where: str) -> Loaded:
    """Lay the settings of `given` (nested tables or dotted names) over `base`.

    A bad one is reported with its key and the reason, and the rest still apply. `where` names the source in the
    message, such as a file.
    """
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, Any] = {}
    complaints: list[str] = []
    for key, value in _flat(given):
        name = key.replace(".", "_")
        if name not in known:
            complaints.append(f'{where}: there is no setting "{key}"{_nearest(key, known)}.')
            continue
        wanted = type(known[name].default)
        choices = known[name].metadata["choices"]
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if wanted is tuple and isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = tuple(value)
        if not isinstance(value, wanted):
            complaints.append(f'{where}: setting "{key}" must be {_TYPE_NAMES[wanted]}, not {value!r}.')
        elif choices and value not in choices:
            complaints.append(f'{where}: setting "{key}" must be one of {", ".join(choices)}, not {value!r}.')
        else:
            values[name] = value
    return Loaded(replace(base, **values), tuple(complaints))


_TYPE_NAMES = {str: "a text", tuple: "a list of texts", float: "a number", bool: "true or false"}


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", value))
    return pairs


def _nearest(key: str, known: Mapping[str, object]) -> str:
    from rapidfuzz import process

    match = process.extractOne(key.replace(".", "_"), list(known), score_cutoff=70)
    return f'; did you mean "{match[0].replace("_", ".", 1)}"' if match else ""
