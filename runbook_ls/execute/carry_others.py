"""Shell state of the other shells: zsh carries what bash does; sh, dash, ksh and fish their exports and directory."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ZshState:
    """What only zsh can carry, as zsh text. `names` are the functions and aliases."""

    variables: bytes = b""
    definitions: bytes = b""
    on: tuple[str, ...] = ()  # options
    off: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Left:
    """What a cell of one of these shells left behind."""

    environment: Mapping[str, str]
    directory: Path
    zsh: ZshState | None = None


# zsh


def write_zshenv(state: ZshState, environment: Mapping[str, str], folder: Path) -> None:
    """Write the `.zshenv` into `folder`, which is to be ZDOTDIR, and through which the state is restored."""
    original = environment.get("ZDOTDIR")
    lines = [
        b"unset ZDOTDIR" if original is None else b"export ZDOTDIR=" + os.fsencode(shlex.quote(original))
    ]
    lines.append(b"zmodload zsh/parameter; typeset -a __runbook_own=(${(k)parameters})")
    lines += [
        state.variables,
        state.definitions,
        _zsh_carry().replace("@STATE@", _quoted(folder / "state")).encode(),
    ]
    for word, options in (("setopt", state.on), ("unsetopt", state.off)):
        if carried := [option for option in options if option not in _ZSH_NOT_CARRIED]:
            lines.append(f"{word} {' '.join(carried)}".encode())
    path = folder / ".zshenv"
    path.write_bytes(b"\n".join(lines) + b"\n")
    path.chmod(0o600)


# Options of the invocation, and xtrace. A runbook's cell is neither interactive nor a login shell.
_ZSH_NOT_CARRIED = frozenset(
    "exec globalrcs interactive login monitor onecmd privileged rcs restricted shinstdin singlecommand stdin xtrace zle".split()
)


@cache
def _zsh_carry() -> str:
    return Path(__file__).with_name("carry.zsh").read_text("utf-8")


def read_zsh(folder: Path) -> Left | None:
    """What the exit hook wrote into `folder`; None if it did not run to its end."""
    try:
        saved = (folder / "state").read_bytes()
    except OSError:
        return None
    directory, on, off, *parts = saved.split(b"\0")
    if parts[-2:] != [b"end", b""]:
        return None
    end = parts.index(b"")
    environment = _environment(parts[:end])
    variables, definitions, *names = parts[end + 1 : -2]
    state = ZshState(
        _ZSH_DECLARED.sub(lambda found: found[0].replace(b" -r", b""), variables),
        definitions,
        tuple(on.decode().split()),
        tuple(off.decode().split()),
        frozenset(name.decode("utf-8", "replace") for name in names if name),
    )
    return Left(environment, Path(os.fsdecode(directory)), state)


# What `typeset -p` puts before the name. A variable that was read-only would stop the next run of its cell.
_ZSH_DECLARED = re.compile(rb"^typeset(?: -[A-Za-z]+[0-9]*)* ", re.MULTILINE)


# sh, dash, ksh, fish


def posix_arguments(program: str, folder: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The arguments before the cell file that make a POSIX shell run it and save its exports at the end."""
    return ("-c", f'trap {shlex.quote(_saving(folder, environment))} EXIT; . "$0"')


def fish_arguments(folder: Path, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The arguments before the cell file that make fish save its exports at the end."""
    saving = _saving(folder, environment).replace(">|", ">")
    return ("--no-config", "-C", f"function __runbook_save --on-event fish_exit; {saving}; end")


def _saving(folder: Path, environment: Mapping[str, str]) -> str:
    env = shutil.which("env", path=environment.get("PATH")) or "/usr/bin/env"
    return f'{shlex.quote(env)} -0 >| {_quoted(folder / "environment")}; printf %s "$PWD" >| {_quoted(folder / "directory")}'


def read_exports(folder: Path) -> Left | None:
    """The exports and the directory that were written into `folder`; None if they were not."""
    try:
        environment = (folder / "environment").read_bytes()
        directory = (folder / "directory").read_bytes()
    except OSError:
        return None
    if not directory:
        return None
    return Left(_environment(environment.split(b"\0")), Path(os.fsdecode(directory)))


def _environment(entries: list[bytes]) -> dict[str, str]:
    pairs = (entry.partition(b"=") for entry in entries if b"=" in entry)
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs if name not in _KSH_OWN}


_KSH_OWN = frozenset({b"_", b"A__z", b"_AST_FEATURES"})


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
