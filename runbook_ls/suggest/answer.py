"""The command in what a model said: exactly one fenced block, or a reason why there is none. Never free text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from runbook_ls.document import parse
from runbook_ls.document.languages import SHELLS
from runbook_ls.document.runbook import Cell
from runbook_ls.document.sessions import SESSION_LANGUAGES
from runbook_ls.shell import syntax
from runbook_ls.shell.words import Role, split
from runbook_ls.suggest.endpoint import Completion

_UNTAGGED = frozenset(
    {"", "text", "txt", "plain", "plaintext", "none", "code", "copy", "cmd", "command", "commandline"}
)
_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Read:
    """The command, or one sentence that says why there is none."""

    command: str = ""
    reason: str = ""


def read(completion: Completion, intent: str, is_program: Callable[[str], bool]) -> Read:
    """The command of an answer to `intent`. `is_program` tells whether something of this name can be run or was run before.

    Prose around a block does not matter; of several blocks the first that holds a command counts; one that is not
    closed reaches to the end, if the model said that it had finished.
    """
    if completion.refusal:
        return Read(reason="No suggestion: the model refused.")
    if completion.finish_reason == "content_filter":
        return Read(reason="No suggestion: the endpoint's content filter held the answer back.")
    if completion.finish_reason == "length" or completion.cut:
        return Read(
            reason="No suggestion: the answer was cut off because it became too long; see llm.model and llm.body."
        )
    text = _THOUGHTS.sub("", completion.text.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = [cell for cell in parse(text).cells if cell.kind == "fence" and not cell.is_empty]
    if not completion.finish_reason:
        blocks = [cell for cell in blocks if cell.closed]
        if not blocks:
            return Read(reason="No suggestion: the model's answer broke off; try again.")
    for cell in sorted(blocks, key=_rank):
        command = cell.script.strip("\n").rstrip()
        if _rank(cell) == 1 and not _may_be_a_command(command):
            continue
        if _rank(cell) < 2 and is_command(command, intent, is_program):
            return Read(command)
        if _rank(cell) == 2 and _is_surely_a_command(command, intent, is_program):
            return Read(command)
    return Read(reason="No suggestion: the model has no command for this.")


def _rank(cell: Cell) -> int:
    """What a fence says of itself: 0 a shell, 1 nothing, 2 something else, which may be a wrong tag."""
    if cell.language in SHELLS or cell.language in SESSION_LANGUAGES:
        return 0 if cell.language else 1
    return 1 if cell.language in _UNTAGGED else 2


def is_command(text: str, intent: str, is_program: Callable[[str], bool]) -> bool:
    """False for what does nothing (comments, `true`), only talks (`echo "I cannot …"`), or is prose.

    Talking is doing where the intent has half of the words.
    """
    parsed = syntax.parse(text)
    if not parsed.commands and not parsed.faults:
        return False
    names = {command.name for command in parsed.commands if command.words}
    if names and names <= _DO_NOTHING:
        return False
    if names and names <= _DO_NOTHING | _TALK and not _redirects(text):
        said = [word for command in parsed.commands for word in command.arguments]
        words = re.findall(r"\w+", " ".join(word.value or "" for word in said).lower())
        wanted = set(re.findall(r"\w+", intent.lower()))
        return (
            any(word.value is None for word in said) or sum(w in wanted for w in words) * 2 >= len(words) > 0
        )
    return not any(_is_sentence(line, is_program) for line in text.split("\n") if line.strip())


_DO_NOTHING = frozenset({"true", ":", "exit", "false", "NONE", "None"})
_TALK = frozenset({"echo", "printf"})


def _redirects(text: str) -> bool:
    return any(word.role is Role.TARGET for word in split(text))


def _may_be_a_command(text: str) -> bool:
    """What nobody called a command must at least be one that a shell can read, of a program with a name."""
    parsed = syntax.parse(text)
    return not parsed.faults and all(
        command.name is not None or "$" in command.words[0].raw
        for command in parsed.commands
        if command.words
    )


def _is_surely_a_command(text: str, intent: str, is_program: Callable[[str], bool]) -> bool:
    parsed = syntax.parse(text)
    names = [command.name for command in parsed.commands if command.words]
    return (
        not parsed.faults
        and bool(names)
        and all(name is not None and is_program(name) for name in names)
        and is_command(text, intent, is_program)
    )


_PLAIN = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*[.,:;!?]?")


def _is_sentence(line: str, is_program: Callable[[str], bool]) -> bool:
    """True for a line of four plain words or more whose first is no program: prose is valid shell."""
    words = line.split()
    if line.lstrip().startswith("#") or len(words) < 4 or is_program(words[0].rstrip(".,:;!?")):
        return False
    return sum(bool(_PLAIN.fullmatch(word)) for word in words) >= 0.8 * len(words)
