"""Shell state of bash: what `BASH_ENV` restores before a cell, and reading what the cell's EXIT trap saved.

Exported variables travel as the environment; plain variables, arrays, functions, aliases and options as bash text.
Written for bash 4.4 and later. An older one (macOS has 3.2) does without some of it: locals of a function that exits
may stay. What is not understood leaves the state as it was, and that is said.
"""

from __future__ import annotations

import os
import re
import shlex
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LARGEST_VALUE = 256 * 1024  # bytes; a bigger one is named and dropped
_LARGEST_IN_ENVIRONMENT = 64 * 1024  # Linux takes no string over 128 KiB; such a value is restored by text
_LARGEST_ENVIRONMENT = 512 * 1024


@dataclass(frozen=True, slots=True)
class BashState:
    """What only bash can carry, as bash text. `names` are the functions and aliases."""

    shopt: bytes = b""
    aliases: bytes = b""
    variables: Mapping[str, bytes] = field(default_factory=dict)  # name -> its `declare` statement
    functions: bytes = b""
    options: str = ""
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Saved:
    """What one cell left behind. `dropped` names the values that were too big."""

    environment: Mapping[str, str]
    directory: Path
    bash: BashState
    dropped: tuple[str, ...]


def restoring(
    state: BashState, environment: Mapping[str, str], scratch: Path, saved: Path, descriptor: int
) -> bytes:
    """The text for BASH_ENV: the state, then carry.bash, then the options. `saved` gets the state afterwards.

    `environment` is what the cell is to have as its environment; what `environment_of` left out is set here.
    `descriptor` is the file descriptor that the text is read from; the text closes it.
    """
    lines = [f"builtin exec {descriptor}<&-".encode()]
    original = environment.get("BASH_ENV")
    lines.append(b"builtin unset -v BASH_ENV" if original is None else _export("BASH_ENV", original))
    lines.append(state.shopt)
    lines += state.variables.values()
    lines += [_export(name, environment[name]) for name in _too_big(environment)]
    lines += [state.functions, state.aliases, _carry(scratch, saved), _set_options(state.options)]
    return b"\n".join(lines) + b"\n"


def environment_of(environment: Mapping[str, str], bash_env: str) -> dict[str, str]:
    """The environment to start bash with: without what is too big to pass, and with BASH_ENV."""
    too_big = set(_too_big(environment))
    return {name: value for name, value in environment.items() if name not in too_big} | {
        "BASH_ENV": bash_env
    }


def _too_big(environment: Mapping[str, str]) -> list[str]:
    """The variables that must be restored by text, because execve would refuse them."""
    total = sum(map(len, environment.values()))
    if total * 4 <= _LARGEST_IN_ENVIRONMENT:  # a character has at most four bytes
        return []
    sizes = sorted(((len(os.fsencode(v)), name) for name, v in environment.items()), reverse=True)
    total = sum(size for size, _ in sizes)
    found: list[str] = []
    for size, name in sizes:
        if size <= _LARGEST_IN_ENVIRONMENT and total <= _LARGEST_ENVIRONMENT:
            break
        if _NAME.fullmatch(name):
            found.append(name)
            total -= size
    return found


def _export(name: str, value: str) -> bytes:
    return b"declare -x %s=%s" % (name.encode(), os.fsencode(shlex.quote(value)))


@cache
def _template() -> str:
    text = Path(__file__).with_name("carry.bash").read_text("utf-8")
    names = " ".join(f'"${{!{letter}@}}"' for letter in string.ascii_letters + "_")
    handler = shlex.quote(
        "{ __runbook_status=$? __runbook_options=$SHELLOPTS; builtin set +x; "
        "builtin trap - DEBUG ERR RETURN; } 2>/dev/null; __runbook_exit"
    )
    code = "\n".join(line.strip() for line in text.splitlines() if line.strip()[:1] not in ("", "#"))
    return code.replace("@NAMES@", names).replace("@HANDLER@", handler)


def _carry(scratch: Path, saved: Path) -> bytes:
    text = (
        _template()
        .replace("@SCRATCH@", shlex.quote(str(scratch)))
        .replace("@STATE@", shlex.quote(str(saved)))
    )
    return os.fsencode(text)


# Options of `set -o` that belong to the invocation, not to the state.
_NOT_CARRIED_OPTIONS = frozenset({"noexec", "onecmd", "privileged", "restricted", "emacs", "vi", "history"})
_ON_BY_DEFAULT = ("braceexpand", "hashall", "interactive-comments")


def _set_options(options: str) -> bytes:
    if not options:
        return b""
    on = set(options.split(":"))
    lines = [f"builtin set +o {name}" for name in _ON_BY_DEFAULT if name not in on]
    lines += [f"builtin set -o {name}" for name in sorted(on - _NOT_CARRIED_OPTIONS - {*_ON_BY_DEFAULT})]
    return "\n".join(lines).encode()


# Reading what was saved


def read(path: Path, base: Mapping[str, str]) -> Saved | None:
    """What the EXIT trap wrote into the file `path`; None if it did not run to its end.

    `base` is the environment before: its names that are no shell names (`npm.x`) stay as they are.
    """
    try:
        saved = path.read_bytes()
    except OSError:
        return None
    parts = saved.split(b"\0")
    if len(parts) != 8 or parts[-1] != b"end":
        return None
    directory, options, shopt, aliases, declarations, listed, functions, _ = parts
    environment = {name: value for name, value in base.items() if not _NAME.fullmatch(name)}
    environment = {name: value for name, value in environment.items() if not name.startswith("BASH_FUNC_")}
    environment |= {name: base[name] for name in _KEPT if name in base}
    variables: dict[str, bytes] = {}
    dropped: list[str] = []
    try:
        for flags, name, value, statement in _declarations(declarations):
            if value is not None and len(value) > LARGEST_VALUE:
                dropped.append(name)
                continue
            exported = "x" in flags
            if exported and value is not None and not value.startswith(b"("):
                environment[name] = os.fsdecode(_plain(value))
            if flags != "x":
                variables[name] = statement
    except ValueError:
        return None
    names, functions = _functions(listed, functions)
    return Saved(
        environment,
        Path(os.fsdecode(directory)),
        BashState(
            _shopt(shopt),
            aliases,
            variables,
            functions,
            options.decode(),
            names | _alias_names(aliases),
        ),
        tuple(dropped),
    )


def _shopt(lines: bytes) -> bytes:
    """The lines of `shopt -p` as two commands."""
    switched: dict[bytes, list[bytes]] = {b"-s": [], b"-u": []}
    for line in lines.splitlines():
        if not _NOT_CARRIED_SHOPT.search(line):
            _, switch, name = line.split(b" ")
            switched[switch].append(name)
    return b"\n".join(b"shopt %s %s" % (way, b" ".join(names)) for way, names in switched.items() if names)


# Of the invocation; and switching a compatibility level off would set BASH_COMPAT.
_NOT_CARRIED_SHOPT = re.compile(rb"_shell$|-u compat")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
# bash sets these itself; SHLVL would grow with every cell.
_OWN = frozenset(
    name.encode()
    for name in {
        "BASH", "BASHOPTS", "BASHPID", "COPROC", "DIRSTACK", "EPOCHREALTIME", "EPOCHSECONDS", "EUID", "FUNCNAME", "GROUPS",
        "HISTCMD", "HOSTTYPE", "LINENO", "MACHTYPE", "OPTIND", "OSTYPE", "PIPESTATUS", "PPID", "PWD", "RANDOM", "SECONDS",
        "SHELLOPTS", "SHLVL", "SRANDOM", "UID", "_", "BASH_ALIASES", "BASH_ARGC", "BASH_ARGV", "BASH_ARGV0", "BASH_CMDS",
        "BASH_COMMAND", "BASH_EXECUTION_STRING", "BASH_LINENO", "BASH_LOADABLES_PATH", "BASH_MONOSECONDS", "BASH_REMATCH",
        "BASH_SOURCE", "BASH_SUBSHELL", "BASH_TRAPSIG", "BASH_VERSINFO", "BASH_VERSION",
    }
)  # fmt: skip
_OWN_PREFIXES = (b"__runbook_", b"COMP_", b"BASH_FUNC_")
_SET_BY_BASH = frozenset({b"HOSTNAME", b"TERM", b"PATH", b"SHELL"})  # where the environment does not
_KEPT = ("SHLVL", "PWD")
_DEFAULTS = {b"IFS": rb"$' \t\n'", b"OPTERR": b'"1"', b"PS4": b'"+ "'}
_LOCAL_OPTIONS = b"local -\n"  # what `local -` in __runbook_save shows as
# Unrolled, so that a value is read in few steps: `"` plain (escape plain)* `"`.
_DOUBLE = rb"\"[^\"\\]*(?:\\.[^\"\\]*)*\""
_DOLLAR_SINGLE = rb"\$'[^'\\]*(?:\\.[^'\\]*)*'"
_ARRAY = rb"\((?:[^()\"'$\\]+|%b|%b|\\.|\$)*\)" % (_DOLLAR_SINGLE, _DOUBLE)
_OLD_ARRAY = rb"'[^']*(?:'\\''[^']*)*'"  # of bash before 4.4
_DECLARATION = re.compile(
    rb"(declare -(\S+) ([A-Za-z_]\w*)(?:=(%b|%b|%b|%b))?\n)" % (_DOUBLE, _DOLLAR_SINGLE, _ARRAY, _OLD_ARRAY),
    re.DOTALL,
)


def _declarations(text: bytes) -> Iterator[tuple[str, str, bytes | None, bytes]]:
    """(flags without readonly and trace, name, value as bash writes it, its statement) of each variable that is to be
    carried."""
    taken = len(_LOCAL_OPTIONS) if text.startswith(_LOCAL_OPTIONS) else 0
    # findall, because it makes its tuples without a Match object each: hundreds of variables a cell.
    for whole, declared, name, written in _DECLARATION.findall(text, taken):
        if text[taken : taken + len(whole)] != whole:
            break
        taken += len(whole)
        if name in _OWN or name.startswith(_OWN_PREFIXES) or _DEFAULTS.get(name) == written:
            continue
        value = written or None  # an empty value is written as ""
        flags = declared.translate(None, b"rt-").decode()
        if name in _SET_BY_BASH and "x" not in flags:
            continue
        if value is None and not flags and b"t" in declared:
            continue  # left by __runbook_leave
        statement = whole[:-1] if not declared.strip(_CARRIED_FLAGS) else _statement(flags, name, value)
        yield flags, name.decode(), value, statement
    if taken != len(text):
        raise ValueError(f"not a declaration: {text[taken : taken + 80]!r}")


_CARRIED_FLAGS = b"-aAilunxc"


def _statement(flags: str, name: bytes, value: bytes | None) -> bytes:
    declared = b"declare -%s %s" % (flags.encode() or b"-", name)
    return declared if value is None else declared + b"=" + value


def shown(statement: bytes) -> str:
    """The value of a carried `declare` statement for people: plain, or an array as bash writes it."""
    value = statement.partition(b"=")[2]
    return os.fsdecode(_plain(value) if value[:1] in (b'"', b"$") else value)


def _functions(listed: bytes, definitions: bytes) -> tuple[frozenset[str], bytes]:
    """The names of the user's functions, and the text that defines and exports them, but makes none read-only.

    `listed` is what `declare -F` prints, `definitions` what `declare -f` does. The functions of carry.bash are carried
    along, and defined anew by the next cell's.
    """
    names: set[str] = set()
    exports: list[bytes] = []
    for line in listed.splitlines():
        _, flags, name = line.split(b" ", 2)
        if flags != b"-f":
            definitions = definitions.replace(b"\n" + line + b"\n", b"\n")
        if name.startswith(b"__runbook_") or name == b"trap":
            continue
        names.add(name.decode("utf-8", "replace"))
        if b"x" in flags:
            exports.append(b"builtin declare -fx %s\n" % os.fsencode(shlex.quote(os.fsdecode(name))))
    return frozenset(names), definitions + b"".join(exports)


def _alias_names(aliases: bytes) -> frozenset[str]:
    found = re.findall(rb"^alias (?:-- )?([^=\n]+)=", aliases, re.MULTILINE)
    return frozenset(name.decode("utf-8", "replace") for name in found)


_ANSI_C = re.compile(
    rb"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|(.))", re.DOTALL
)
_DOUBLE_QUOTED = re.compile(rb"\\([$`\"\\\n])")
_LETTERS = {
    b"a": b"\a", b"b": b"\b", b"e": b"\x1b", b"E": b"\x1b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t",
    b"v": b"\v",
}  # fmt: skip


def _plain(value: bytes) -> bytes:
    """The bytes that `"…"` or `$'…'` stands for."""
    if value.startswith(b'"'):
        return _DOUBLE_QUOTED.sub(rb"\1", value[1:-1]) if b"\\" in value else value[1:-1]

    def character(found: re.Match[bytes]) -> bytes:
        octal, hexadecimal, short, long, letter = found.groups()
        if octal or hexadecimal:
            return bytes([int(octal or hexadecimal, 8 if octal else 16) & 0xFF])
        if short or long:
            return chr(int(short or long, 16)).encode("utf-8", "surrogatepass")
        return _LETTERS.get(letter, letter)

    return _ANSI_C.sub(character, value[2:-1])
