"""Shell-session blocks: commands behind prompts, and what they printed.

A block is a session if its language says so, or if it is a shell's (or nobody's) and its first command line begins
with `$ `. Only then are prompts removed; a `$VAR` at the start of a line is left alone everywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from runbook_ls.document.languages import SHELLS

SESSION_LANGUAGES = frozenset(
    {"console", "shell-session", "shellsession", "sh-session", "bash-session", "terminal", "shell-console"}
)
_MAY_SHOW_PROMPTS = SHELLS | {"", "fish", "commandline"}

# Behind blank lines and comments.
_BEGINS_WITH_PROMPT = re.compile(r"(?:[^\S\n]*(?:#[^\n]*)?\n)*\$[ \t]+(?=\S)")
# `$ `, `% `, `❯ `, and after user@host or [user@host dir] also `# `; `PS C:\>` and `C:\>`.
_PROMPT = re.compile(
    r"""(?:\([\w.-]+\)[ ]?)?
        (?: (?:\[[^\]\n]*\]|[\w.-]+@[\w.-]+(?::[^\s$#%>]*)?)[ ]?[$%\#] | [$%❯] | (?:PS[ ])?[A-Z]:\\[^>\n]*> )
        (?:[ \t]+(?=\S)|[ \t]*$)""",
    re.VERBOSE,
)
_CONTINUATION_PROMPT = re.compile(r">(?: |$)")
_OPEN_ENDED = re.compile(r"(?:\\|&&|\|\|?|\(|\{|\b(?:do|then|else))[ \t]*$")
_OPEN_ENDS = ("\\", "&&", "|", "(", "{", "do", "then", "else")  # one of these is at its end
_HEREDOC = re.compile(r"(?<!<)<<(?P<dash>-?)\s*(?P<quote>[\"']?)\\?(?P<word>\w+)(?P=quote)")
_OPENS = re.compile(r"(?:^|[;&|({]|\b(?:do|then|else))\s*(?:if|for|while|until|select|case)\b")
_CLOSES = re.compile(r"(?:^|[;&|])\s*(?:fi|done|esac)\b")
_OPENERS_AND_CLOSERS = ("if", "for", "while", "until", "select", "case", "fi", "done", "esac")
_COMMENT = re.compile(r"\s*#")


class Exchange(NamedTuple):
    """A command of a session and what it printed.

    `command` may have several lines; line `i` of it begins at `columns[i]` of body line `line + i`. `output` is
    "" if nothing was printed; its first line is body line `output_line`. Lines and columns are 0-based.
    """

    command: str
    line: int
    columns: tuple[int, ...]
    output: str = ""
    output_line: int = 0


def is_session(language: str, body: str) -> bool:
    """Whether a block with this language (lower case) and body shows commands behind prompts."""
    if language in SESSION_LANGUAGES:
        return True
    return language in _MAY_SHOW_PROMPTS and "$" in body and _BEGINS_WITH_PROMPT.match(body) is not None


@lru_cache(maxsize=1024)
def read_session(body: str) -> tuple[Exchange, ...]:
    """The commands of a session in order, with their output. Without any prompt the whole body is one command."""
    lines = body.split("\n")
    prompts = [_PROMPT.match(line) for line in lines]
    if not any(prompts):
        return (Exchange(body, 0, (0,) * len(lines)),) if body.strip() else ()
    exchanges: list[Exchange] = []
    index = 0
    while index < len(lines):
        prompt = prompts[index]
        if prompt is None:
            index += 1
            continue
        first = index
        command = [lines[index][prompt.end() :]]
        columns = [prompt.end()]
        wants_more, state = _read_on(command[0], _Unfinished())
        index += 1
        while wants_more and index < len(lines) and not prompts[index]:
            continuation = _CONTINUATION_PROMPT.match(lines[index])
            columns.append(continuation.end() if continuation else 0)
            command.append(lines[index][columns[-1] :])
            wants_more, state = _read_on(command[-1], state)
            index += 1
        output_line = index
        while index < len(lines) and not prompts[index]:
            index += 1
        output = lines[output_line:index]
        while output and (not output[-1].strip() or (index < len(lines) and _COMMENT.match(output[-1]))):
            output.pop()  # blank lines and the comment on the next command
        if command[0].strip():
            text = "\n".join(command)
            exchanges.append(Exchange(text, first, tuple(columns), "\n".join(output), output_line))
    return tuple(exchanges)


class _Unfinished(NamedTuple):
    """What a command has open at the end of a line: a quotation mark, loops and the like, here-documents."""

    quote: str = ""
    depth: int = 0
    heredocs: tuple[tuple[str, bool], ...] = ()  # the closing word, whether tabs before it are ignored


def _read_on(line: str, before: _Unfinished) -> tuple[bool, _Unfinished]:
    """Whether a shell would ask for another line after this one, and what is open then."""
    if before.heredocs:
        word, tabs = before.heredocs[0]
        rest = before.heredocs[1:] if (line.lstrip("\t") if tabs else line) == word else before.heredocs
        return bool(rest) or before.depth > 0, _Unfinished(before.quote, before.depth, rest)
    quote = _open_quote(line, before.quote)
    found = _HEREDOC.finditer(line) if "<<" in line else ()
    heredocs = tuple((match["word"], bool(match["dash"])) for match in found)
    depth = before.depth
    if any(word in line for word in _OPENERS_AND_CLOSERS):
        depth = max(0, depth + len(_OPENS.findall(line)) - len(_CLOSES.findall(line)))
    open_ended = line.rstrip(" \t").endswith(_OPEN_ENDS) and _OPEN_ENDED.search(line)
    wants_more = bool(quote or heredocs or depth or open_ended)
    return wants_more, _Unfinished(quote, depth, heredocs)


def _open_quote(line: str, quote: str) -> str:
    """The quotation mark that is open after a line, if `quote` is open before it; "" for none."""
    if '"' not in line and "'" not in line:
        return quote
    escaped = False
    for character in line:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
    return quote
