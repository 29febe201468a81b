"""What a cell is called when nobody named it: derived from its first command, exactly as Runme does.

Source of the rule: runmedev/runme, document/block.go (`sanitizeName`).
"""

from __future__ import annotations

import re
from functools import lru_cache

_COMMENT = re.compile(r"\s*(?:#|//)")
_PROMPT = re.compile(r"\$\s+")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]")
_NAMELESS = "cell"


@lru_cache(maxsize=1024)  # an edit asks again for those of its page
def derive_name(body: str) -> str:
    """The name for a cell with this body: `echo "Hello, runme!"` → `echo-hello`.

    From the first line that is no comment: its text before the first `=`, at most 32 bytes of it, the first two
    words, only `a-z0-9-`. A body that yields nothing (empty, or no ASCII) is called `cell`.
    """
    for line in body.split("\n"):
        if not line.strip() or _COMMENT.match(line):
            continue
        if name := _sanitize(_without_prompt(line).strip()):
            return name
    return _NAMELESS


def _without_prompt(line: str) -> str:
    prompt = _PROMPT.search(line) if "$" in line else None
    return line[: prompt.start()].rstrip() + line[prompt.end() :] if prompt else line


def _sanitize(line: str) -> str:
    equals = line.find("=")
    if equals > 0:
        line = line[:equals]
    line = line[:32]
    if not line.isascii():
        line = line.encode("utf-8", "replace")[:32].decode("utf-8", "ignore")
    line = line.lower()
    words = (_NOT_IN_NAMES.sub("", word) for word in line.split(" ")[:2])
    return "-".join(word for word in words if word)


@lru_cache(maxsize=16)
def unique_names(names: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """One name for each cell, all different, given the (given, derived) names; "" stands for no given one.

    The first cell that a name is given to has it; a name derived never takes it away. The second `deploy` is
    `deploy-2`, the third `deploy-3`; a number that is taken is passed over.
    """
    taken = {given for given, _ in names if given}
    seen: set[str] = set()
    counts: dict[str, int] = {}
    unique: list[str] = []
    for given, derived in names:
        if given and given not in seen:
            seen.add(given)
            unique.append(given)
            continue
        name = given or derived
        count = counts.get(name, 1 if given else 0)
        candidate = name
        while True:
            count += 1
            candidate = name if count == 1 else f"{name}-{count}"
            if candidate not in taken:
                break
        counts[name] = count
        taken.add(candidate)
        unique.append(candidate)
    return tuple(unique)
