"""Shell state of the other shells: zsh carries what bash does; sh, dash, ksh and fish their exports and directory."""

from __future__ import annotations

import os
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
    options: tuple[str, ...] = ()
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
    lines += [
        state.variables,
        state.definitions,
        _zsh_carry().replace("@STATE@", _quoted(folder / "state")).encode(),
    ]
    lines += [f"setopt {option}".encode() for option in state.options if option not in _ZSH_NOT_CARRIED]
    path = folder / ".zshenv"
    path.write_bytes(b"\n".join(lines) + b"\n")
    path.chmod(0o600)


# Options of the invocation. A runbook's cell is neither interactive nor a login shell.
_ZSH_NOT_CARRIED = frozenset(
    {"interactive", "login", "shinstdin", "monitor", "zle", "restricted", "rcs", "globalrcs", "exec", "singlecommand", "privileged"}
)  # fmt: skip


@cache
def _zsh_carry() -> str:
    return Path(__file__).with_name("carry.zsh").read_text("utf-8")


def read_zsh(folder: Path) -> Left | None:
    """What the exit hook wrote into `folder`; None if it did not run to its end."""
    try:
        saved = (folder / "state").read_bytes()
    except OSError:
        return None
    parts = saved.split(b"\0")
    if parts[-1] != b"end" or len(parts) < 6:
        return None
    directory, options = parts[0], parts[1]
    end = parts.index(b"", 2)
    environment = _environment(parts[2:end])
    variables, definitions, *names = parts[end + 1 : -1]
    state = ZshState(
        variables,
        definitions,
        tuple(options.decode().split()),
        frozenset(name.decode("utf-8", "replace") for name in names if name),
    )
    return Left(environment, Path(os.fsdecode(directory)), state)


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
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs if name != b"_"}


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
