"""What one program does by the tables of `programs.py`, and what an assignment or a redirection does. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runbook_ls.shell import programs
from runbook_ls.shell.options import doubtful, find_option, skip_options
from runbook_ls.shell.syntax import Redirect
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.verdict import Risk, Verdict, worst

# These set the shell's own variables and options; the names are their words.
DECLARING = frozenset(
    "declare export getopts let local mapfile read readarray readonly set shopt typeset unset".split()
)
NAMES = (
    DECLARING
    | programs.HARMLESS
    | programs.CHANGING
    | {*programs.UNSAFE_OPTIONS, *programs.ONLY_OPTIONS, *programs.DESTRUCTIVE, *programs.CHANGING_UNLESS}
)
# What stands behind these options is the name of a variable, whose subscript is evaluated.
_NAMING = {"[": "-v -R", "test": "-v -R", "printf": "-v", "wait": "-p"}
# Subscripts are evaluated by these: [[ 'a[$(rm x)]' -eq 1 ]] runs rm.
_EVALUATING = frozenset({"[[", *_NAMING})


def judge(name: str, words: Sequence[Word]) -> Verdict | None:
    """The verdict on a program of the tables; None if it is in none of them."""
    rest = words[1:]
    if len(rest) == 1 and rest[0].value in ("--help", "--version") and name in NAMES:
        return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
    if what := _destroys(name):
        return Verdict(Risk.DESTRUCTIVE, f"`{name}` {what}")
    if name in DECLARING:
        return _declaration(name, rest)
    if name in programs.ONLY_OPTIONS:
        return _with_only(name, rest)
    if name in programs.UNSAFE_OPTIONS:
        return _with_options(name, rest)
    if name in programs.HARMLESS:
        return _harmless(name, rest)
    if name not in programs.CHANGING and name not in programs.CHANGING_UNLESS:
        return None
    if option := find_option(rest, programs.CHANGING_UNLESS.get(name, "")):
        return Verdict(Risk.DESTRUCTIVE, f"`{name} {option.raw}` can destroy")
    if vital := _vital(name, rest):
        return Verdict(Risk.DESTRUCTIVE, f"`{name} … {vital.raw}` reaches the whole machine")
    return Verdict(Risk.CHANGING, f"`{name}` changes something")


def _destroys(name: str) -> str | None:
    begins = (what for start, what in programs.DESTRUCTIVE_PREFIXES.items() if name.startswith(start))
    return programs.DESTRUCTIVE.get(name) or next(begins, None)


_RECURSING = frozenset({"chmod", "chown", "chgrp", "chattr", "mv", "setfacl"})
_ROOTS = r"/(?:\*|bin|boot|dev|etc|lib\d*|root|sbin|usr|var)?/?\*?"


def _vital(name: str, rest: Sequence[Word]) -> Word | None:
    """A device or kernel trigger, every process, or a recursive change at the root of the system."""
    if name == "kill":
        return next((word for word in rest[1:] if word.value == "-1"), None)
    recursive = name == "mv" or (name in _RECURSING and find_option(rest, "-R --recursive") is not None)
    return next(
        (word for word in rest if _is_device(word) or (recursive and re.fullmatch(_ROOTS, word.raw))), None
    )


def _is_device(word: Word) -> bool:
    named = word.prefix.startswith("/dev/") and word.value not in _NO_FILES
    return (named and not re.match(r"/dev/(?:fd|shm)/", word.prefix)) or word.prefix == "/proc/sysrq-trigger"


def _harmless(name: str, rest: Sequence[Word]) -> Verdict:
    if name in _EVALUATING and any(_substitutes(word.value) for word in rest):
        return Verdict(Risk.UNKNOWN, f"`{name}` may evaluate a text that holds a substitution")
    if name in _NAMING and (option := find_option(rest, _NAMING[name])):
        if computed := next((word for word in rest[rest.index(option) :][:2] if word.value is None), None):
            return Verdict(Risk.UNKNOWN, f"`{name}` may evaluate what `{computed.raw}` becomes")
        if name in ("printf", "wait"):
            return assignment(
                option.prefix[2:] or "".join(word.prefix for word in rest[rest.index(option) + 1 :][:1]), None
            )
    return Verdict(Risk.READ_ONLY, f"`{name}` reads")


def _with_options(name: str, rest: Sequence[Word]) -> Verdict:
    if option := find_option(rest, programs.RUNNING_OPTIONS.get(name, "")):
        return Verdict(Risk.UNKNOWN, f"`{name} {option.raw}` runs a program")
    if option := find_option(rest, programs.UNSAFE_OPTIONS[name]):
        return Verdict(Risk.CHANGING, f"`{name} {option.raw}` is more than reading")
    if name in programs.SENDS and (word := next((w for w in rest if w.value is None), None)):
        return Verdict(Risk.UNKNOWN, f"`{name}` sends `{word.raw}` over the network")
    if name == "nslookup" and (
        all(w.prefix.startswith("-") for w in rest) or any(w.value == "-" for w in rest)
    ):
        return Verdict(Risk.UNKNOWN, f"`{name}` sends what it reads")
    if name in programs.READS_OPTIONS and (
        word := next((w for w in rest if w.prefix[:1] in ("", "@")), None)
    ):
        return Verdict(Risk.UNKNOWN, f"`{name}` may take options from `{word.raw}`")
    if word := doubtful(rest):
        return Verdict(Risk.UNKNOWN, f"`{word.raw}` may turn into an option of `{name}`")
    return Verdict(Risk.READ_ONLY, f"`{name}` reads")


def _with_only(name: str, rest: Sequence[Word]) -> Verdict:
    at, sure = skip_options(rest, programs.ONLY_OPTIONS[name])
    operands = rest[at:]
    allowed = len(operands) <= programs.OPERANDS.get(name, 0)
    if name == "date":
        allowed = all(word.prefix.startswith("+") for word in operands)
    if required := programs.REQUIRED_OPTIONS.get(name):
        allowed = allowed and find_option(rest[:at], required) is not None
    if sure and allowed:
        return Verdict(Risk.READ_ONLY, f"`{name}` reads")
    return destroying_word(words=rest, name=name) or Verdict(Risk.CHANGING, f"`{name}` may change something")


def _declaration(name: str, rest: Sequence[Word]) -> Verdict:
    """Setting a shell's own variables changes nothing outside, unless others run by them."""
    if name in ("mapfile", "readarray") and find_option(rest, "-C"):
        return Verdict(Risk.UNKNOWN, f"`{name} -C` runs a command")
    if name in ("declare", "typeset", "local") and (option := find_option(rest, "-n -i")):
        return Verdict(
            Risk.UNKNOWN, f"`{name} {option.raw}`: what is assigned then sets or evaluates something else"
        )
    if name in ("set", "shopt") and (option := _remeaning(name, rest)):
        return Verdict(Risk.UNKNOWN, f"`{name} {option.raw}` changes what words mean to the shell")
    verdicts = [Verdict(Risk.READ_ONLY, f"`{name}` sets the shell's own state")]
    for word in rest:
        key, equals, _ = word.prefix.partition("=")
        if word.value is None and not equals and word.may_be_option:
            verdicts.append(Verdict(Risk.UNKNOWN, f"what `{word.raw}` of `{name}` becomes cannot be told"))
        elif equals or not key.startswith(("-", "+")):
            verdicts.append(assignment(key.rstrip("+-*/%&|^<>").split("[")[0], None))
            if _substitutes(word.value):
                verdicts.append(
                    Verdict(Risk.UNKNOWN, f"`{name}` may evaluate a text that holds a substitution")
                )
        elif name == "read":  # `-aPATH`
            verdicts += [assignment(key[at:], None) for at in range(2, len(key))]
    return worst(verdicts)


def _remeaning(name: str, rest: Sequence[Word]) -> Word | None:
    """The option of `set` or `shopt -o` that is none of those known to leave words what they are."""
    if name == "shopt":
        names = rest if find_option(rest, "-o") else ()
        return next((w for w in names if w.value not in programs.SET_OPTIONS and w.prefix[:1] != "-"), None)
    naming = ""  # the sign of the `-o` or `+o` before
    for word in rest:
        text = word.prefix
        if naming:
            if naming == "-" and word.value not in programs.SET_OPTIONS:
                return word
            naming = ""
        elif text in ("-", "--") or text[:1] not in ("-", "+"):
            return None  # from here on they are no options
        elif word.value is None or (text[0] == "-" and set(text[1:]) - programs.SET_LETTERS):
            return word
        else:
            naming = text[0] if "o" in text else ""
    return None


def assignment(name: str, value: Word | None) -> Verdict:
    """The verdict on setting the shell variable `name`."""
    if _is_telling(name):
        return Verdict(Risk.UNKNOWN, f"`{name}` decides which programs run or what they load")
    if value is not None and _substitutes(value.value):
        return Verdict(Risk.UNKNOWN, f"`{name}` holds a text with a substitution in it")
    return Verdict(Risk.READ_ONLY, f"`{name}` is set in the shell")


def _is_telling(name: str) -> bool:
    return (
        name in programs.TELLING_VARIABLES
        or (name.startswith(programs.TELLING_BEGINNINGS) and name not in programs.PLAIN_VARIABLES)
        or name.endswith(programs.TELLING_ENDS)
        or name.lower().endswith(programs.TELLING_PROXY)
    )


def _substitutes(value: str | None) -> bool:
    return value is not None and any(mark in value for mark in ("$(", "`", "${", "<("))


_NO_FILES = frozenset({"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/zero"})


def redirection(redirect: Redirect) -> Verdict:
    """The verdict on one redirection."""
    operator, target = redirect.operator, redirect.target
    if target is not None and target.prefix.startswith(("/dev/tcp/", "/dev/udp/")):
        return Verdict(Risk.UNKNOWN, f"`{operator} {target.raw}` opens a network connection")
    if (
        operator == "<"
        and target is not None
        and target.value is None
        and "/dev/tcp/".startswith(target.prefix)
    ):
        return Verdict(
            Risk.UNKNOWN, f"what `< {target.raw}` opens cannot be told: a file, or a network connection"
        )
    if target is None or operator in ("<", "<<", "<<-", "<<<", "<&"):
        return Verdict(Risk.READ_ONLY, "reads its input")
    value = target.value or ""
    if operator == ">&" and re.fullmatch(r"\d+|\d*-", value):
        return Verdict(Risk.READ_ONLY, "joins two outputs")
    if value in _NO_FILES or re.fullmatch(r"/dev/fd/\d+", value) or target.raw.startswith((">(", "<(")):
        return Verdict(Risk.READ_ONLY, "writes to no file")
    if _is_device(target):
        return Verdict(Risk.DESTRUCTIVE, f"`{operator} {target.raw}` writes to a device")
    return Verdict(Risk.CHANGING, f"`{operator} {target.raw}` writes a file")


def destroying_word(words: Sequence[Word], name: str) -> Verdict | None:
    """What a word of destroying says of a command that nobody knows. `words` are those after the program's name."""
    for word in words:
        text = word.prefix
        exactly = text in programs.DESTROYING_WORDS and word.value is not None
        if exactly or text.startswith(programs.DESTROYING_PREFIXES):
            return Verdict(Risk.DESTRUCTIVE, f"`{name} {text}` sounds like destroying")
    return None


def interpreter(name: str, words: Sequence[Word], texts: Sequence[str]) -> Verdict:
    """The verdict on a program in another language; `texts` are what is fed to it."""
    if len(words) == 2 and words[1].value in ("--version", "-V", "-v", "--help", "-h"):
        return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
    if any(re.search(programs.DESTROYING_CODE, text) for text in (*texts, *(w.raw for w in words[1:]))):
        return Verdict(Risk.DESTRUCTIVE, f"the program for `{name}` removes something")
    return Verdict(Risk.UNKNOWN, f"`{name}` runs a program of its own")
