"""What the server and the memory worker say to each other: one JSON object a line, ASCII only.

→ {"id": 7, "intent": "show the logs", "workspace": "/home/me/runbooks", "limit": 24}
→ {"cancel": 7}
← {"id": 7, "candidates": [{"example": {…}, "similarity": 0.91, "words": 0.5}], "notes": []}

`join` names a team's server, before the first question; `share` says that something waits to be sent there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.memory.retrieval import Recollection


def line(message: Mapping[str, object]) -> bytes:
    """A message, framed. Torn characters come through: they are escaped."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def answer(number: int, recollection: Recollection) -> bytes:
    """The framed answer to request `number`."""
    return line({"id": number, **asdict(recollection)})


def recollection(message: Mapping[str, Any]) -> Recollection:
    """What an answer holds."""
    return Recollection(
        tuple(Candidate(**{**each, "example": Example(**each["example"])}) for each in message["candidates"]),
        tuple(message["notes"]),
    )
