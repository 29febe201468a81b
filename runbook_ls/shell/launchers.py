"""Commands that run other commands: `sudo`, `env`, `xargs`, `bash -c`, `eval`, `find -exec`, `ssh` and the like. Pure.

Each reader gets the scope it stands in, the words of the command line, and the command itself; None for that where
it runs behind another one, so that nothing is known of its standard input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

from runbook_ls.shell import clouds, programs, single, sublanguages
from runbook_ls.shell.options import find_option, skip_options, table
from runbook_ls.shell.syntax import Command
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.tool_tables import TOOLS
from runbook_ls.shell.tools import find_path, judge
from runbook_ls.shell.verdict import Risk, Verdict, worst


class Given(NamedTuple):
    """A text that a command gets on its standard input, as far as the script shows it.

    `is_literal`: it is that text to the letter. Else it has expansions or escapes, which may make anything of it.
    """

    text: str
    is_literal: bool


class Scope(Protocol):
    """The script that a command stands in (`risk.Scope`), as a reader sees it."""

    def inner(self, text: str, command: Command | None) -> Verdict:
        """The verdict on a text that the command hands to a shell."""
        ...

    def words(self, words: Sequence[Word], command: Command | None) -> Verdict:
        """The verdict on a command line that the command starts."""
        ...

    def behind(self, words: Sequence[Word], start: int) -> Iterator[Verdict]:
        """The verdicts on what may be commands among the words from `start` on."""
        ...

    def given_input(self, command: Command | None) -> Given | None:
        """What the command gets on its standard input, if the script shows it."""
        ...


def _text(word: Word) -> str:
    """The word as a script; where it has expansions they stay as they are written."""
    return word.raw.strip("\"'") if word.value is None else word.value


def _joined(words: Sequence[Word]) -> str:
    return " ".join(map(_text, words))


def _script(scope: Scope, word: Word, name: str, command: Command | None) -> Verdict:
    """The verdict on a word that holds a script; at least unknown where it has expansions."""
    verdict = scope.inner(_text(word), command)
    if word.value is None:
        return verdict.at_least(Risk.UNKNOWN, f"`{name}` runs a text with expansions")
    return verdict


# Shells


def shell(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    """`bash -c TEXT`, `bash <<END`, `… | bash`, `bash FILE`."""
    at = 1
    while at < len(words):
        word = words[at]
        text = word.value or ""
        if re.fullmatch(r"[-+][eluxvfnis]*c[eluxvfnis]*", text):
            script = next((w for w in words[at + 1 :] if not (w.value or "").startswith("-")), None)
            if script is None:
                break
            return _in_own_way(name, _script(scope, script, name, command))
        if text in ("-o", "-O") and at + 1 < len(words) and words[at + 1].value in programs.SET_OPTIONS:
            at += 1
        elif text in ("--help", "--version"):
            return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
        elif not re.fullmatch(r"-[eluxvfnis]*|--(?:norc|noprofile|posix|login)", text):
            return Verdict(Risk.UNKNOWN, f"`{name}` runs `{word.raw}`, which is not shown here")
        at += 1
    given = scope.given_input(command)
    if given is None:
        return Verdict(Risk.UNKNOWN, f"`{name}` runs what it reads")
    verdict = scope.inner(given.text, command)
    if not given.is_literal:
        verdict = verdict.at_least(Risk.UNKNOWN, f"`{name}` runs a text with expansions or escapes")
    return _in_own_way(name, Verdict(verdict.risk, f"{verdict.reason}, run by `{name}`"))


def _in_own_way(name: str, verdict: Verdict) -> Verdict:
    if name in programs.OTHER_SHELLS:
        return verdict.at_least(Risk.UNKNOWN, f"`{name}` reads a text in its own way")
    return verdict


def _evaluate(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    verdict = scope.inner(_joined(words[1:]), command)
    return verdict.at_least(Risk.UNKNOWN, "`eval` runs its words as a script")


def _source(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    what = words[1].raw if len(words) > 1 else "nothing"
    return Verdict(Risk.UNKNOWN, f"`{name}` runs `{what}`, which is not shown here")


def _trap(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    actions = [word for word in words[1:] if word.value not in ("--", "-l", "-p")]
    if len(actions) < 2 or actions[0].value in ("-", ""):
        return Verdict(Risk.READ_ONLY, "`trap` without an action")
    return _script(scope, actions[0], name, command)


def _alias(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    if all(word.value and "=" not in word.value for word in words[1:]):
        return Verdict(Risk.READ_ONLY, "`alias` lists")
    texts = (scope.inner(_text(word).partition("=")[2].strip("\"'"), command) for word in words[1:])
    return worst(texts).at_least(Risk.UNKNOWN, "`alias` changes what a command word means")


# Wrappers


def wrapper(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    """A program that runs the command behind its own options."""
    second = words[1].value if len(words) > 1 else None
    if (name, second) in _LOOKING:
        return Verdict(Risk.READ_ONLY, f"`{name} {second}` only looks")
    at, sure = skip_options(words, programs.WRAPPERS[name], 1)
    if name == "nice" and not sure and re.fullmatch(r"-\d+", words[at].prefix):
        at, sure = at + 1, True
    if not sure:
        doubt = Verdict(Risk.UNKNOWN, f"`{words[at].raw}` of `{name}`: what runs cannot be told")
        return worst([doubt, *scope.behind(words, at)])
    own = words[1:at]
    verdicts: list[Verdict] = []
    while name in ("env", "sudo") and at < len(words) and re.match(r"[A-Za-z_]\w*=", words[at].prefix):
        key, _, value = words[at].prefix.partition("=")
        literal = words[at].value is not None
        verdicts.append(
            single.assignment(key, Word(value, value, words[at].span, value) if literal else None)
        )
        at += 1
    inner = words[at + programs.WRAPPER_OPERANDS.get(name, 0) :]
    if inner:
        verdicts.append(_wrapped(scope, name, own, inner, command))
    elif name in ("xargs", "env", "time", "command", "exec", "nice"):
        verdicts.append(Verdict(Risk.READ_ONLY, f"`{name}` runs nothing"))
    else:
        verdicts.append(Verdict(Risk.UNKNOWN, f"`{name}`: what runs cannot be told"))
    if name in ("time", "strace", "ltrace", "script") and find_option(own, "-o --output"):
        verdicts.append(Verdict(Risk.CHANGING, f"`{name}` writes a file"))
    if name in ("sudo", "doas"):
        verdicts.append(Verdict(Risk.CHANGING, f"`{name}` runs it with other rights"))
    elif name in programs.RAISING or find_option(own, "-S -C --chdir --split-string"):
        verdicts.append(Verdict(Risk.UNKNOWN, f"`{name}` runs it elsewhere, or what is out of sight"))
    return worst(verdicts)


_LOOKING = frozenset(
    {("command", "-v"), ("command", "-V"), ("sudo", "-l"), ("sudo", "--list"), ("sudo", "-V")}
)


def _wrapped(
    scope: Scope, name: str, own: Sequence[Word], inner: Sequence[Word], command: Command | None
) -> Verdict:
    if name == "watch" or (name == "parallel" and " " in (inner[0].value or "")):
        return scope.inner(_joined(inner), command)
    if name == "xargs" and (replaced := _replaced_by_xargs(own)):
        return scope.words(_filled(inner, replaced), None)
    if name in ("xargs", "parallel"):
        anything = Word("…", None, inner[-1].span, "", splits=True)
        return scope.words([*_filled(inner, "{}"), anything], None)
    # `sudo bash <<END`: the standard input is the wrapper's.
    return scope.words(inner, command)


def _replaced_by_xargs(own: Sequence[Word]) -> str | None:
    """What xargs replaces by its input: of `-I{}`, `-I X`, `-i`, `--replace=X`."""
    for i, word in enumerate(own):
        text = word.value or ""
        if text in ("-i", "--replace"):
            return "{}"
        if text in ("-I", "-J"):
            return own[i + 1].value if i + 1 < len(own) else None
        if text.startswith(("-I", "-i", "-J")):
            return text[2:]
        if text.startswith("--replace="):
            return text.partition("=")[2]
    return None


def _filled(words: Sequence[Word], mark: str) -> list[Word]:
    """The words with whatever comes for `mark` in them: of such a word only what stands before it is known."""
    return [
        word
        if mark not in (word.value or word.raw)
        else Word(word.raw, None, word.span, (word.value or word.prefix).partition(mark)[0])
        for word in words
    ]


# Elsewhere


def _remote(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    """`ssh HOST COMMAND…`, and what a shell there gets on its standard input."""
    at, _ = skip_options(words, _SSH_OPTIONS, 1)
    given = scope.given_input(command)
    texts = [_joined(words[at + 1 :]), given.text if given else ""]
    verdict = worst(scope.inner(text, command) for text in texts)
    return verdict.at_least(Risk.UNKNOWN, f"`{name}` runs it on another machine")


_SSH_OPTIONS = (
    "-4 -6 -A -a -C -f -g -K -k -N -n -q -T -t -tt -v -X -x -Y -b= -c= -D= -E= -e= -F= -I= -i= -J= -L= -l= -m= -O= "
    "-o= -p= -Q= -R= -S= -W= -w="
)


def _su(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    for option, word in pairwise(words):
        if option.value in ("-c", "--command"):
            verdict = _script(scope, word, name, command)
            return verdict.at_least(Risk.UNKNOWN, f"`{name}` runs it as another user")
    return Verdict(Risk.UNKNOWN, f"`{name}` starts a shell as another user")


def tool(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    """A tool with sub-commands; what it runs inside a container counts where it destroys."""
    verdict = judge(name, words, TOOLS[name])
    path, after, _ = find_path(words, TOOLS[name])
    if path and path[-1] in ("exec", "run", "debug", "rsh"):
        given = scope.given_input(command)
        behind = [*scope.behind(words, after), *([scope.inner(given.text, command)] if given else [])]
        return worst([verdict, *_destroying(behind)])
    if name == "git":
        return _git(path, words[after:], verdict)
    if path == ("s_client",) and not ((given := scope.given_input(command)) and given.is_literal):
        return verdict.at_least(Risk.UNKNOWN, f"`{name} s_client` sends what it reads")
    if verdict.risk is Risk.UNKNOWN:
        return single.destroying_word(words[1:], name) or verdict
    return verdict


def _destroying(verdicts: Sequence[Verdict]) -> Iterator[Verdict]:
    return (verdict for verdict in verdicts if verdict.risk is Risk.DESTRUCTIVE)


def _git(path: Sequence[str], rest: Sequence[Word], verdict: Verdict) -> Verdict:
    if path == ("push",) and any(word.prefix.startswith(("+", ":")) for word in rest):
        return Verdict(Risk.DESTRUCTIVE, "`git push` with `+` or `:` overwrites or deletes a branch")
    if path == ("restore",) and not find_option(rest, "--staged -S"):
        return Verdict(Risk.DESTRUCTIVE, "`git restore` discards changes of the working tree")
    return verdict


def cloud(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    """A cloud's command line; a command that it runs on a machine counts where it destroys."""
    verdict = clouds.READERS[name](name, words)
    options = table(clouds.COMMAND_OPTIONS)
    texts = [_text(word) for option, word in pairwise(words) if option.value in options]
    texts += [_text(word).partition("=")[2] for word in words if word.prefix.partition("=")[0] in options]
    scripts = (re.sub(r"^commands=[\[\"']*", "", text).strip("\"'") for text in texts)
    return worst([verdict, *_destroying([scope.inner(script, command) for script in scripts])])


# find and fd


def _find(scope: Scope, name: str, words: Sequence[Word], command: Command | None) -> Verdict:
    """An allow-list of find's tests; `-exec` is the command that it runs."""
    verdicts = [Verdict(Risk.READ_ONLY, "`find` lists files")]
    tests = table(sublanguages.FIND)
    at = 1
    while at < len(words):
        word, text = words[at], words[at].prefix
        if text == "-delete":
            return Verdict(Risk.DESTRUCTIVE, "`find -delete` removes files")
        if text in ("-exec", "-execdir", "-ok", "-okdir"):
            values = [word.value for word in words]
            ends = (
                i for i in range(at, len(words)) if values[i] == ";" or values[i - 1 : i + 1] == ["{}", "+"]
            )
            end = next(ends, len(words))
            if inner := _filled(words[at + 1 : end], "{}"):
                verdicts.append(scope.words(inner, None))
            at = end
        elif text.startswith(("-fprint", "-fls")):
            verdicts.append(Verdict(Risk.CHANGING, f"`find {text}` writes a file"))
            at += 1
        elif word.value is None and word.may_be_option:
            verdicts.append(Verdict(Risk.UNKNOWN, f"`{word.raw}` may turn into an action of `find`"))
        elif text.startswith("-") and len(text) > 1:
            if text not in tests:
                verdicts.append(Verdict(Risk.UNKNOWN, f"`find {text}` is not a test I know"))
            at += tests.get(text, False)
        at += 1
    return worst(verdicts)


def running_options(
    scope: Scope, name: str, words: Sequence[Word], command: Command | None
) -> Verdict | None:
    """`fd -x rm`, `rg --pre cat`: a reading program that is told to run another; None if it is not."""
    option = find_option(words[1:], programs.RUNNING_OPTIONS[name])
    if option is None:
        return None
    behind = words[words.index(option) + 1 :]
    verdict = Verdict(Risk.UNKNOWN, f"`{name} {option.raw}` runs a program")
    return worst([verdict, *_destroying([scope.words(behind, None)] if behind else [])])


Reader = Callable[[Scope, str, Sequence[Word], "Command | None"], Verdict]
READERS: Mapping[str, Reader] = {
    ".": _source,
    "alias": _alias,
    "eval": _evaluate,
    "find": _find,
    "gfind": _find,
    "mosh": _remote,
    "source": _source,
    "ssh": _remote,
    "su": _su,
    "trap": _trap,
}
