"""Reading `.env` files: values for cells, but never what decides which programs run or what they load.

The names of `forbidden` are left out and named; a `.env` in a repository is written by whoever writes to the repository.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

# DESIGN §7 names the first two lines; the others do the same through other programs.
_FORBIDDEN = re.compile(
    r"PATH|LD_\w*|DYLD_\w*|BASH_ENV|ENV|PROMPT_COMMAND|IFS|GIT_\w*|PAGER|EDITOR|PYTHON\w*|NODE_OPTIONS|\w+_PROXY|NO_PROXY"
    r"|VISUAL|BROWSER|\w+_PAGER|\w+_EDITOR|\w*_ASKPASS|LESS\w*|MANOPT"
    r"|HOME|XDG_\w+|SHELL|SHELLOPTS|BASHOPTS|BASH_\w+|PS4|CDPATH|GLOBIGNORE|ZDOTDIR|FPATH|TMPDIR"
    r"|PERL5\w*|RUBYOPT|RUBYLIB|NODE_PATH|NODE_EXTRA_\w+|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|RUNBOOK_LS_\w*"
    r"|GCONV_PATH|LOCPATH|NLSPATH|GLIBC_TUNABLES|OPENSSL_(?:CONF|ENGINES|MODULES)|TAR_OPTIONS|RIPGREP_CONFIG_PATH|PSQLRC"
    r"|LUA_\w+|PHPRC|PHP_INI_SCAN_DIR|R_(?:PROFILE|ENVIRON)\w*|JULIA_\w+|VIMINIT|EXINIT|INPUTRC|TERMINFO\w*|\w+_EXTERNAL_DIFF",
    re.IGNORECASE,
)
_ENTRY = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)[ \t]*=[ \t]*
        (?: '(?P<single>[^']*)' | "(?P<double>(?:[^"\\]|\\.)*)" | (?P<plain>[^'"\n][^\n]*|) )
        [ \t]*(?:\#[^\n]*)?$""",
    re.VERBOSE | re.MULTILINE | re.DOTALL | re.ASCII,
)
_NOTHING = re.compile(r"[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_REFERENCE = re.compile(r"\$\{([A-Za-z_]\w*)\}")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class DotEnv:
    """What a file says: its values, the names that were refused, and the 1-based lines that are no assignment."""

    values: Mapping[str, str]
    refused: tuple[str, ...] = ()
    faults: tuple[int, ...] = ()


def forbidden(name: str) -> bool:
    """True for a variable that a `.env` file may not set, in any case of letters."""
    return _FORBIDDEN.fullmatch(name) is not None


def read(text: str, environment: Mapping[str, str]) -> DotEnv:
    """Read the text of a `.env` file; never raises.

    `NAME=value`, with or without `export`; single quotes keep everything, double quotes know `\\n` and the like; both
    may span lines; ` #` ends a plain value. `${NAME}` outside single quotes is the value above, or `environment`'s.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\0", "")
    values: dict[str, str] = {}
    refused: list[str] = []
    faults: list[int] = []
    at = 0
    while at < len(text):
        entry = _ENTRY.match(text, at)
        end = text.find("\n", at if entry is None else entry.end())
        if entry is not None:
            if forbidden(entry["name"]):
                refused.append(entry["name"])
            else:
                values[entry["name"]] = _value(entry, {**environment, **values})
        elif not _NOTHING.match(text, at):
            faults.append(text.count("\n", 0, at) + 1)
        at = len(text) if end < 0 else end + 1
    return DotEnv(values, tuple(dict.fromkeys(refused)), tuple(faults))


def _value(entry: re.Match[str], known: Mapping[str, str]) -> str:
    if entry["single"] is not None:
        return entry["single"]
    if entry["double"] is not None:
        text = re.sub(
            r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), entry["double"], flags=re.DOTALL
        )
    else:
        text = re.split(r"[ \t]+#", entry["plain"], maxsplit=1)[0].rstrip()
    return _REFERENCE.sub(lambda found: known.get(found[1], ""), text)
