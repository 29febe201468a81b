"""The words of a command text, with the part each one plays.

A tokenizer, not a parser: it is total (any text gives words, none raises), knows just enough of the shell's grammar
to tell programs, flags and values apart, and keeps exact places. What a command *does* is decided by
`shell/syntax.py` and `shell/risk.py` with a real parser; this one is for comparing and refilling texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache


class Role(str, Enum):
    """The part a word plays in its command."""

    OPERATOR = "operator"  # | && ; ( ) $( ` line break, redirections, and find's own grammar: ! \; {}
    KEYWORD = "keyword"  # if then do …
    COMMENT = "comment"
    PROGRAM = "program"
    SUBCOMMAND = "subcommand"
    FLAG = "flag"  # with its attached value: --since=2h, -n5
    FLAG_VALUE = "flag value"
    ASSIGNMENT = "assignment"  # NAME=value
    ARGUMENT = "argument"
    TARGET = "target"  # the file of a redirection
    HEREDOC = "heredoc"  # a whole body


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command. `start` and `end` are code-point offsets into the command and `text` is what stands
    there, quotes included. From `varies` on, up to `end`, is the value that may differ between two uses of the same
    command: all of an argument, `2h` of `--since=2h`, nothing of a program (`varies == end`). `flag` is the name of
    the flag that the value belongs to ("--since"), "" if none."""

    text: str
    start: int
    end: int
    role: Role
    varies: int
    flag: str = ""


_TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\r\f\v]|\\\r?\n)+)
      | (?P<comment>(?<![^\s;&|()])\#[^\n]*)
      | (?P<newline>\n)
      | (?P<heredoc><<-?(?!<))
      | (?P<duplicate>\d*[<>]&(?:\d+|-))
      | (?P<redirect>\d*(?:<<<|&>>|&>|>>|>\||<>|>&|<&|>|<)(?!\())
      | (?P<open>\$\(\(|\$\(|[<>]\(|\()
      | (?P<close>\)\)|\))
      | (?P<operator>\|\||&&|;;|\|&|[|;&`])
      | (?P<word>(?:\\.|'[^']*'|\$'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|\$\{[^}\n]*\}|\$(?!\()|[^\s|;&()<>`'"\\$])+)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS = frozenset(
    "if then elif else fi for while until do done case esac in select function time { } ! [[ ]]".split()
)
_KEYWORDS_BEFORE_COMMAND = frozenset("if then elif else while until do time { !".split())
_RUN_ANOTHER = frozenset("sudo doas xargs env nohup nice exec watch command timeout ionice stdbuf".split())
_RUN_ANOTHER_FLAGS = frozenset("-exec -execdir -ok -okdir".split())
_TAKE_A_VALUE = frozenset(
    "-u -g -I -n -P -L -d --user --group".split()
)  # flags of the programs that run another
_FIND_GRAMMAR = frozenset(r"\( \) ! \! {} + \; -o -a -or -and -not".split())
# The utilities of POSIX and their everyday companions: their first operand is a value, never a sub-command.
_NO_SUBCOMMANDS = frozenset(
    "alias awk basename bash bc bunzip2 bzip2 cat cd chgrp chmod chown cksum cmp comm cp cpio crontab curl cut date dd "
    "df diff dig dirname du echo ed egrep eval expand expr export false fgrep file find fold fuser gawk getent grep "
    "groups gunzip gzip head host hostname iconv id jq join kill killall less ln locate ls lsof make md5sum mkdir "
    "mkfifo mktemp more mount mv nc netstat nl nslookup od paste patch perl pgrep pidof ping pkill printf ps pwd python "
    "python3 read readlink realpath rename rm rmdir rsync scp sed seq set sftp sh sha1sum sha256sum shopt shred shuf "
    "sleep sort source split ssh stat strings stty su sum sync tac tail tar tee telnet test touch tr tree trap tsort tty "
    "type ulimit umask createdb dropdb mariadb mysql pg_dump pg_restore psql sqlite3 redis-cli umount uname uniq unlink unset unzip uptime wait wc wget whereis which who whoami xz yes zcat "
    "zgrep zip".split()
)
_SUBCOMMAND = re.compile(r"[a-z][a-z0-9]*(?:[-:][a-z0-9]+)*")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_LONG_FLAG = re.compile(r"--?[A-Za-z0-9][\w.-]*=")
_SHORT_FLAG_NUMBER = re.compile(r"-[A-Za-z](?=\d+\w?$)")
_NEGATIVE_NUMBER = re.compile(r"-(?=\d+\w*$)")


@lru_cache(maxsize=4096)
def split(command: str) -> tuple[Word, ...]:
    """The words of `command`, in order; only white space and line continuations lie between them.

    A line break is a word of its own. An unclosed quote is a word of one character: nothing raises, nothing is lost.
    """
    return tuple(_Reader(command).read())


@lru_cache(maxsize=4096)
def skeleton(command: str) -> tuple[str, ...]:
    """The words of `command` without what varies: `("kubectl", "get", "pods", "-n", "")`. Comments are left out."""
    return tuple(
        word.text[: word.varies - word.start] for word in split(command) if word.role is not Role.COMMENT
    )


@dataclass(slots=True)
class _Place:
    """Where in a simple command the reader is."""

    wants_program: bool = True
    program: str = ""
    flag: str = ""
    run: int = 0  # plain words since the program without a flag between them; negative: the run is over


class _Reader:
    def __init__(self, command: str) -> None:
        self.command = command
        self.out: list[Word] = []
        self.at = _Place()
        self.outer: list[_Place] = []
        self.wants_target = False
        self.wants_delimiter = False
        self.heredocs: list[str] = []

    def read(self) -> list[Word]:
        position, length = 0, len(self.command)
        while position < length:
            match = _TOKEN.match(self.command, position)
            if match is None:
                break
            start, position = match.span()
            kind = match.lastgroup
            if kind == "space":
                continue
            if kind == "comment":
                self._fixed(start, position, Role.COMMENT)
            elif kind in {"word", "other"}:
                self._word(start, position)
            else:
                self._fixed(start, position, Role.OPERATOR)
                position = self._operator(kind or "", position)
        return self.out

    def _operator(self, kind: str, end: int) -> int:
        if kind == "newline":
            self.at = _Place()
            return self._heredoc_bodies(end)
        if kind == "heredoc":
            self.wants_delimiter = True
        elif kind == "redirect":
            self.wants_target = True
        elif kind == "open":
            self.outer.append(self.at)
            self.at = _Place()
        elif kind == "close":
            self.at = self.outer.pop() if self.outer else _Place(wants_program=False)
            self.at.flag = ""
        elif kind == "operator":
            self.at = _Place()
        return end

    def _fixed(self, start: int, end: int, role: Role) -> None:
        self.out.append(Word(self.command[start:end], start, end, role, end))

    def _value(self, start: int, end: int, role: Role, varies: int | None = None, flag: str = "") -> None:
        self.out.append(
            Word(self.command[start:end], start, end, role, start if varies is None else varies, flag)
        )

    def _heredoc_bodies(self, position: int) -> int:
        for delimiter in self.heredocs:
            start, length = position, len(self.command)
            while position < length:
                line_end = self.command.find("\n", position)
                line_end = length if line_end < 0 else line_end
                if self.command[position:line_end].strip("\t\r") == delimiter:
                    break
                position = min(line_end + 1, length)
            if position > start:
                self._value(start, position, Role.HEREDOC)
            if position < length:
                end = position + len(self.command[position:].split("\n", 1)[0])
                self._fixed(position, end, Role.OPERATOR)
                position = end
        self.heredocs = []
        return position

    def _word(self, start: int, end: int) -> None:
        text, at = self.command[start:end], self.at
        if self.wants_delimiter:
            self.wants_delimiter = False
            self.heredocs.append(text.strip("'\"\\"))
            self._fixed(start, end, Role.OPERATOR)
        elif self.wants_target:
            self.wants_target = False
            self._value(start, end, Role.TARGET)
        elif at.wants_program:
            self._program(start, end, text)
        elif (
            text == ";"
            or (at.program == "find" and text in _FIND_GRAMMAR)
            or text in {"{}", "\\;", "]]", "]"}
        ):
            at.flag, at.run = "", -99
            if text in {"\\;", "+"}:
                at.program = "find"
            self._fixed(start, end, Role.OPERATOR)
        elif at.flag and (not text.startswith("-") or _NEGATIVE_NUMBER.match(text)):
            flag, at.flag = at.flag, ""
            sign = 1 if text[0] in "+-" and text[1:2].isdigit() else 0
            self._value(start, end, Role.FLAG_VALUE, start + sign, flag)
        elif text.startswith("-") and len(text) > 1:
            self._flag(start, end, text)
        elif match := _ASSIGNMENT.match(text):
            at.run = -99
            self._value(start, end, Role.ASSIGNMENT, start + match.end())
        elif at.run >= 0 and at.program not in _NO_SUBCOMMANDS and _SUBCOMMAND.fullmatch(text):
            if at.run >= 2:  # only the last of the plain words after a program may be a value
                self._fixed(self.out[-1].start, self.out.pop().end, Role.SUBCOMMAND)
            at.run += 1
            if at.run == 1:
                self._fixed(start, end, Role.SUBCOMMAND)
            else:
                self._value(start, end, Role.ARGUMENT)
        else:
            at.run = -99
            self._value(start, end, Role.ARGUMENT)

    def _program(self, start: int, end: int, text: str) -> None:
        at = self.at
        if text in _KEYWORDS:
            at.wants_program = text in _KEYWORDS_BEFORE_COMMAND
            at.program = "for" if text in {"for", "case", "in", "select"} else at.program
            at.run = -99
            self._fixed(start, end, Role.KEYWORD)
        elif match := _ASSIGNMENT.match(text):
            self._value(start, end, Role.ASSIGNMENT, start + match.end())
        elif at.program and at.flag in _TAKE_A_VALUE:  # sudo -u postgres psql
            flag, at.flag = at.flag, ""
            self._value(start, end, Role.FLAG_VALUE, flag=flag)
        elif at.program and text.startswith("-"):
            at.flag = text
            number = _SHORT_FLAG_NUMBER.match(text)
            self._value(start, end, Role.FLAG, start + number.end() if number else end)
        elif at.program and re.fullmatch(r"\d+[smhd]?", text):  # timeout 5m make
            self._value(start, end, Role.FLAG_VALUE)
        else:
            at.program = text.rsplit("/", 1)[-1]
            at.wants_program = at.program in _RUN_ANOTHER
            at.run, at.flag = 0, ""
            self._fixed(start, end, Role.PROGRAM)

    def _flag(self, start: int, end: int, text: str) -> None:
        at = self.at
        at.run = -99 if at.run else 0
        at.flag = ""
        if text in _RUN_ANOTHER_FLAGS:
            at.wants_program, at.run = True, 0
            self._fixed(start, end, Role.FLAG)
            return
        attached = _LONG_FLAG.match(text) or _SHORT_FLAG_NUMBER.match(text) or _NEGATIVE_NUMBER.match(text)
        if attached:
            flag = attached.group().rstrip("=")
            self._value(start, end, Role.FLAG, start + attached.end(), flag)
            return
        self._fixed(start, end, Role.FLAG)
        at.flag = text if text != "--" else ""
