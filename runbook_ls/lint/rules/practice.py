"""RB111 to RB113: commands that do not do in a runbook what they do at a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from runbook_ls.document.remembered import Remembered
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import Commands, commands_to_run
from runbook_ls.lint.parts import Found, Looks, moved, spots_of_pages
from runbook_ls.lint.rule import Mark, Rule, Spot
from runbook_ls.shell.wordlists import any_between
from runbook_ls.values import Severity, Span

if TYPE_CHECKING:
    from runbook_ls.shell.syntax import Redirect


def interactive_program(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB111."""
    if not _may_be_interactive(commands.meant) or cell.attributes.get("interactive", "").lower() == "true":
        return
    if commands.script.faults:
        return
    for command in commands.script.commands:
        if not command.words or command.piped_from is not None or _has_input(command.redirects):
            continue
        words = [word.value or word.raw for word in command.words]
        if words[0] in ("sudo", "doas"):
            words = words[1:]
        why = _why_interactive(words) if words else None
        if why is not None:
            yield Spot(
                cell.source_span(command.words[0].span), f"{why} A cell has no terminal to answer from."
            )


def lost_directory(runbook: Runbook) -> Iterator[Spot]:
    """RB112."""
    cells = [(cell, commands) for cell in runbook.cells if (commands := commands_to_run(cell))]
    for cell, commands in cells[:-1]:
        if not re.search(_CD, commands.meant):
            continue
        for command in commands.script.commands:
            target = command.words[1].raw if command.name == "cd" and len(command.words) == 2 else None
            if target and not command.within and re.match(_RELATIVE, target):
                message = f"Later cells stand in {target} only if this one ran before them; say `cwd` or cd in each."
                yield Spot(cell.source_span(command.span), message)


def missing_program(runbook: Runbook) -> Iterator[Spot]:
    """RB113. Suspicions, the first use of each program; `surroundings.confirm` looks for it on PATH."""
    first: dict[str, tuple[Spot, int]] = {}
    there: set[str] = set()
    for line, page, found in spots_of_pages(runbook, _PROGRAMS):
        used, made = _uses.get(page, None, partial(_sum_up, found))
        there |= made
        for name, spot in used.items():
            first.setdefault(name, (spot, line))
    for name, (spot, line) in first.items():
        if name not in there:
            yield Spot(moved(spot, line).span, f"{name} is not on the PATH of this machine.")


_uses: Remembered[tuple[dict[str, Spot], frozenset[str]]] = Remembered()


def _sum_up(found: Iterable[Found]) -> tuple[dict[str, Spot], frozenset[str]]:
    """The first use of each program in a page, and what the page puts there itself."""
    used: dict[str, Spot] = {}
    made: set[str] = set()
    for rule, spot in found:
        if rule is _USED:
            used.setdefault(spot.message, spot)
        else:
            made.add(spot.message)
    return used, frozenset(made)


def _programs(cell: Cell, commands: Commands) -> Iterator[Spot]:
    if commands.script.faults:
        return
    for command in commands.script.commands:
        words = command.words[1:] if command.name in ("sudo", "doas") else command.words
        word = words[0] if words else None
        if word is None or word.raw != word.value or word.raw in _PART_OF_THE_SHELL:
            continue
        if re.fullmatch(_PROGRAM_NAME, word.raw):
            yield Spot(cell.source_span(word.span), word.raw)


def _defined(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """The functions and aliases that a cell makes."""
    for match in re.finditer(_DEFINITION, commands.meant):
        name = match["alias"] or match["function"] or match["brackets"]
        yield Spot(Span.of(0, 0, 0, 0), name)


def _installed_by(text: str) -> Iterator[str]:
    """What a text itself puts there: `apt install jq`, `curl -Lo kind …`, `snap install helm`."""
    for match in _INSTALLS.finditer(text):
        yield from (word.rstrip(".") for word in _INSTALLED.findall(match[0]))


def _installed(cell: Cell) -> Iterator[Spot]:
    for name in _installed_by(cell.body):
        yield Spot(Span.of(0, 0, 0, 0), name)


def _installed_in_prose(markdown: str) -> Iterator[Mark]:
    for name in _installed_by(markdown):
        yield Mark(0, 0, name)


# Not rules of their own: they collect the facts of each part once. A spot's message is the name.
_USED = Rule("used", "used", Severity.HINT, "", "", "", "", shell=_programs)
_DEFINED = Rule(
    "defined", "defined", Severity.HINT, "", "", "", "", shell=_defined, needs=("alias", "function", "()")
)
_INSTALLED_HERE = Rule(
    "installed", "installed", Severity.HINT, "", "", "", "", cell=_installed, prose=_installed_in_prose
)
_PROGRAMS = Looks((_USED, _DEFINED, _INSTALLED_HERE))

_PROGRAM_NAME = r"[a-z][\w.+-]*"
_DEFINITION = r"\balias\s+(?P<alias>[\w.-]+)=|\bfunction\s+(?P<function>[\w.-]+)|(?m:^|[;&|{(])\s*(?P<brackets>[\w.-]+)\s*\(\)"
_INSTALLS = re.compile(r"(?i:\binstall|-L?o|>)[^\n]*")
_INSTALLED = re.compile(rf"[\s/]({_PROGRAM_NAME})")
_PART_OF_THE_SHELL = frozenset(
    """
    alias bg bind break builtin caller case cd command compgen complete compopt continue coproc declare dirs disown do
    done echo elif else enable esac eval exec exit export false fc fg fi for function getopts hash help history if in
    jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return select set shift shopt
    source suspend test then time times trap true type typeset ulimit umask unalias unset until wait while
    setopt unsetopt autoload zmodload print whence rehash
    """.split()
)

_CD = r"\bcd\s"
_RELATIVE = r"""["']?(?![/~$-])[^"']"""

# Programs that take over the terminal whatever follows.
_FULL_SCREEN = frozenset(
    {"vi", "vim", "nvim", "nano", "emacs", "pico", "visudo", "less", "more", "man", "watch"}
) | {"top", "htop", "btop", "atop", "k9s", "tmux", "screen"}
# Programs that ask only when nothing tells them what to do: the options and words that do.
_PROMPTING = {
    "mysql": r"-e\b|-e|--execute|<|-B",
    "psql": r"-c|-f|--command|--file|-l|--list",
    "mongosh": r"--eval|--file|\.js$|-f$",
    "redis-cli": r"^[a-zA-Z]",
    "python": r"^[^-]|-c|-m|-V|--version",
    "python3": r"^[^-]|-c|-m|-V|--version",
    "node": r"^[^-]|-e|-p|-v|--version",
    "irb": r"-e",
    "bash": r"^[^-]|-\w*c|--version",
    "sh": r"^[^-]|-\w*c",
    "zsh": r"^[^-]|-\w*c|--version",
    "sqlite3": r"^[^-].*\s|;|\.",
    "ftp": r"^$",
    "telnet": r"^$",
    "passwd": r"--stdin|-[lud]",
}
# Behind a blank, a path, a quote or an operator, and not the beginning of a longer word.
_MAY_ASK = any_between((*_FULL_SCREEN, *_PROMPTING, "ssh"), r"[\s/\"'\\`;&|<>(){}!]", r"[\w./:=,@%+-]")
_NEXT_WORD = r"[\"']?[\s\\]+[\"']?"
_EDITS = rf"(?:kubectl|oc){_NEXT_WORD}edit"
_ASKS = rf"(?:rebase|add){_NEXT_WORD}-[ip]"
_TTY = r"-(?:it|ti|t|tty|-tty|-stdin|-interactive)"
_HAS_TTY = rf"(?<![\w-]){_TTY}(?![\w=-])"


def _may_be_interactive(text: str) -> bool:
    """False if no command of the text can want a terminal."""
    return (
        _MAY_ASK.search(f"\n{text}") is not None
        or (("exec" in text or "run" in text) and "sh" in text and re.search(_HAS_TTY, text) is not None)
        or ("edit" in text and re.search(_EDITS, text) is not None)
        or (("rebase" in text or "add" in text) and re.search(_ASKS, text) is not None)
    )


def _has_input(redirects: tuple[Redirect, ...]) -> bool:
    return any(redirect.operator.startswith("<") for redirect in redirects)


def _why_interactive(words: list[str]) -> str | None:
    program, arguments = words[0].rpartition("/")[2], words[1:]
    if program in _FULL_SCREEN:
        batch = program == "top" and any(re.match(r"-?\w*b", argument) for argument in arguments)
        return None if batch else f"`{program}` takes over the terminal."
    if program in _PROMPTING:
        told = any(re.search(_PROMPTING[program], argument) for argument in arguments)
        return None if told else f"`{program}` without a command waits for input."
    if program in ("kubectl", "oc") and arguments[:1] == ["edit"]:
        return f"`{program} edit` opens an editor."
    if program in ("kubectl", "oc", "docker", "podman", "crictl") and {"exec", "run"} & set(arguments[:3]):
        shell = bool(re.fullmatch(r"(?:/bin/|/usr/bin/)?(?:ba|z|a|da)?sh", arguments[-1]))
        if shell and any(re.fullmatch(_TTY, argument) for argument in arguments):
            return f"`{program} … {arguments[-1]}` opens a shell."
    if program == "git" and arguments[:2] in (["rebase", "-i"], ["add", "-p"], ["add", "-i"]):
        return f"`git {arguments[0]} {arguments[1]}` asks."
    if program == "ssh":
        plain = [argument for argument in arguments if not argument.startswith("-")]
        if len(plain) == 1 and len(arguments) == 1:
            return "`ssh` without a command opens a shell."
    return None


RULES = (
    Rule(
        code="RB111",
        name="interactive-program",
        severity=Severity.INFO,
        summary="A program that wants a terminal is run in a cell.",
        why="Cells run without a terminal and without input: the program fails, or waits for ever.",
        bad="```sh\nkubectl edit deployment web\n```\n",
        good='```sh\nkubectl patch deployment web -p \'{"spec":{"replicas":3}}\'\n```\n',
        shell=interactive_program,
    ),
    Rule(
        code="RB112",
        name="lost-directory",
        severity=Severity.INFO,
        summary="A cell changes to a relative directory that later cells rely on.",
        why="Run again, or alone, the later cells stand elsewhere; other tools do not carry the directory at all.",
        bad="```sh\ncd deploy\n```\n\n```sh\nmake install\n```\n",
        good="```sh\nmake -C deploy install\n```\n",
        runbook=lost_directory,
        default=False,
    ),
    Rule(
        code="RB113",
        name="missing-program",
        severity=Severity.HINT,
        summary="A program of a cell is not on PATH here.",
        why="The cell would stop with `command not found`. It is told once, and not where `CI` is set.",
        bad="```sh\nkubectl-nowhere get pods\n```\n",
        good="```sh\nls\n```\n",
        runbook=missing_program,
    ),
)
