"""Turning a program's bytes into text that is safe to show and to keep."""

from __future__ import annotations

import codecs
import re
from collections import deque
from dataclasses import dataclass, field

_LONGEST_SEQUENCE = 4096  # characters; what is longer was no sequence

# ECMA-48: CSI sequences, string sequences (OSC, DCS, APC, PM, SOS) up to BEL or ST, other escapes; C1 controls.
_SEQUENCE = re.compile(
    r"(?P<colour>\x1b\[[0-9;:]*m)"
    r"|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)"
    r"|\x1b[ -/]*[0-Z\\^-~]"
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|[\x90\x98\x9d-\x9f][^\x07\x1b\x9c]{0,4096}(?:\x07|\x9c|\x1b\\)"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)
_COLOUR = re.compile(r"\x1b\[[0-9;:]*m")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_PLAIN = bytes(range(0x20, 0x7F)) + b"\t\n\r"
# What may be the beginning of a sequence whose rest has not come yet.
_BEGUN = re.compile(
    r"(?:\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)?|[\x90\x98\x9d-\x9f][^\x07\x9c\x1b]*)\Z"
)


class Cleaner:
    """One stream's bytes, decoded as they come: UTF-8 across chunks, without control sequences but for colours.

    Invalid bytes are shown as `\\xff`. Terminal titles, clipboard writes, cursor movements and other sequences are
    dropped, also where a chunk cuts them; a sequence that never ends is dropped after 4,096 characters.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._held = ""

    def feed(self, data: bytes, final: bool = False) -> str:
        """The text that `data` adds. With `final`, also what was held back."""
        if not self._held and not data.translate(None, _PLAIN) and not self._decoder.getstate()[0]:
            return data.decode("ascii")  # nearly all output, a thousand times a second
        text = self._held + self._decoder.decode(data, final)
        self._held = ""
        if not _CONTROL.search(text):
            return text
        begun = _BEGUN.search(text)
        if begun and len(text) - begun.start() <= _LONGEST_SEQUENCE:
            self._held, text = text[begun.start() :], text[: begun.start()]
        return _SEQUENCE.sub(lambda found: found["colour"] or "", text)


def without_colours(text: str) -> str:
    """Cleaned text without its colours, for clients that do not show them."""
    return _COLOUR.sub("", text)


@dataclass(slots=True)
class Bounded:
    """The first and the last characters of a long text; `limit` is that of each half, in characters."""

    limit: int
    head: list[str] = field(default_factory=list)
    tail: deque[str] = field(default_factory=deque)
    head_size: int = 0
    tail_size: int = 0
    dropped: int = 0

    def add(self, text: str) -> None:
        """Append; what falls out of the middle is counted and forgotten."""
        room = self.limit - self.head_size
        if room > 0:
            self.head.append(text[:room])
            self.head_size += min(len(text), room)
            text = text[room:]
        if text:
            self.tail.append(text)
            self.tail_size += len(text)
            while self.tail_size - len(self.tail[0]) >= self.limit:
                gone = len(self.tail.popleft())
                self.tail_size -= gone
                self.dropped += gone

    @property
    def truncated(self) -> bool:
        """True if something of the middle is missing."""
        return self.dropped + max(0, self.tail_size - self.limit) > 0

    def text(self) -> str:
        """Head and tail; between them one line that says how much is missing."""
        tail = "".join(self.tail)
        dropped = self.dropped + max(0, len(tail) - self.limit)
        if not dropped:
            return "".join(self.head) + tail
        return f"{''.join(self.head)}\n… {dropped:,} characters left out …\n{tail[-self.limit :]}"
