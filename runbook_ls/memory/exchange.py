"""Examples as lines of JSON: to back up, to move, and to share in a file that is reviewed like code.

One object a line, sorted and with its keys in one order, so that a change of one example is a change of one line.
`intent` and `command` are needed, the rest is provenance:

    {"intent": "list the pods", "command": "kubectl get pods", "source": "corrected", "author": "ana@laptop", …}
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast, get_args

from runbook_ls.memory.examples import Example, Source
from runbook_ls.memory.records import Lesson

_TEXTS = ("source", "author", "workspace", "file", "id")
_NUMBERS = ("line", "time", "confirmations")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The lessons of a file, and what was wrong with lines that were passed over: a sentence each."""

    lessons: tuple[Lesson, ...]
    complaints: tuple[str, ...]


def dump(examples: Iterable[Example]) -> str:
    """The text of the file: one line for each example, with what is known of where it came from."""
    lines = []
    for example in sorted(examples, key=lambda each: (each.intent, each.command, each.id)):
        known: dict[str, object] = {
            "intent": example.intent,
            "command": example.command,
            "source": example.source,
            "id": example.id,
        }
        for name in ("author", "workspace", "file"):
            known |= {name: value} if (value := getattr(example, name)) else {}
        if example.line >= 0:
            known["line"] = example.line
        known |= {"time": example.time, "confirmations": example.confirmations}
        lines.append(_line(known))
    return "".join(lines)


def load(text: str, origin: str = "") -> Loaded:
    """The lessons of such a text. A line that cannot be used is passed over, with a complaint that names it.

    `origin` is the file that a team shares; without it the examples become the user's own. Either way they stand
    beside what is there and supersede nothing.
    """
    lessons: list[Lesson] = []
    complaints: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            lessons.append(_lesson(json.loads(line), origin))
        except (ValueError, RecursionError) as error:
            complaints.append(f"line {number}: {error}")
    return Loaded(tuple(lessons), tuple(complaints))


def _lesson(known: object, origin: str) -> Lesson:
    """Raises ValueError with what is wrong."""
    if not isinstance(known, dict):
        raise ValueError("not a JSON object")
    for name in ("intent", "command"):
        if not isinstance(known.get(name), str) or not known[name].strip():
            raise ValueError(f'"{name}" must be a text that is not empty')
    for name in _TEXTS:
        if not isinstance(known.get(name, ""), str):
            raise ValueError(f'"{name}" must be a text')
    for name in _NUMBERS:
        value = known.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f'"{name}" must be a number')
    source = known.get("source", "taught")
    if source not in get_args(Source):
        raise ValueError(f'"source" must be one of {", ".join(get_args(Source))}')
    return Lesson(
        intent=known["intent"],
        command=known["command"],
        source=cast(Source, source),
        workspace=known.get("workspace", ""),
        file=known.get("file", ""),
        line=int(known.get("line", -1)),
        time=float(known["time"]) if "time" in known else None,
        author=known.get("author", ""),
        origin=origin,
        example_id=known.get("id", ""),
        confirmations=int(known.get("confirmations", 0)),
    )


def _line(known: dict[str, object]) -> str:
    """Readable in a review; a character that is not valid Unicode is escaped."""
    text = json.dumps(known, ensure_ascii=False)
    return (text if text.isprintable() else json.dumps(known)) + "\n"
