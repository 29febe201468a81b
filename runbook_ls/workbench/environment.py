"""The environment that a runbook's first cell gets: the user's own, and the values of `.env` files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runbook_ls.config.trust import Trust
from runbook_ls.execute import dotenv, login, state
from runbook_ls.execute.state import State
from runbook_ls.files import read_regular
from runbook_ls.values import RunbookError
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.surroundings import folder_of

_LARGEST = 1 << 20  # bytes of a `.env` file


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables, which of them come from which `.env` file, and sentences about what was passed over."""

    variables: Mapping[str, str]
    sources: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def of_file(session: Session, file: str) -> Environment:
    """The environment for the runbook `file` (an absolute path).

    `.env` and then `.env.local` are read in the workspace and in the runbook's folder, the nearer one counting more,
    and only where the workspace is trusted; what the user's own environment has stays as it is.
    """
    own = of_user(session)
    if session.trust is not Trust.TRUSTED:
        return Environment(own)
    values: dict[str, str] = {}
    sources: dict[str, str] = {}
    notes: list[str] = []
    own_folder = folder_of(file, session.workspace)
    inside = bool(session.workspace) and own_folder.is_relative_to(session.workspace)
    folders = dict.fromkeys((Path(session.workspace), own_folder) if inside else (own_folder,))
    for path in (folder / name for folder in folders for name in (".env", ".env.local")):
        text = _read(path)
        if text is None:
            continue
        found = dotenv.read(text, {**values, **own})
        values |= found.values
        sources |= dict.fromkeys(found.values, str(path))
        if found.refused:
            notes.append(f"{path} may not set {', '.join(found.refused)}: ignored")
        notes += [f"{path}: line {line} is no NAME=value: ignored" for line in found.faults]
    sources = {name: path for name, path in sources.items() if name not in own}
    return Environment({**values, **own}, sources, tuple(notes))


def _read(path: Path) -> str | None:
    """The text of a file of moderate size; None for anything else, such as a named pipe."""
    try:
        return read_regular(path, _LARGEST).decode("utf-8", "replace")
    except OSError:
        return None


def of_user(session: Session) -> Mapping[str, str]:
    """The user's environment: this process's, or what the login shell has, by the setting `shell.env`.

    A process that was started from a shell (SHLVL is set) has what that shell handed on. Where the login shell does
    not answer, the user is told, and the process's own environment is it.
    """
    if session.settings.shell_env == "inherit" or "SHLVL" in os.environ:
        return os.environ
    if session.login is None:
        try:
            session.login = login.environment(os.environ)
        except RunbookError as error:
            session.tell(f"{error}; cells get the environment of this program.")
            session.login = dict(os.environ)
    return session.login


def first_state(session: Session, file: str) -> State:
    """The state before the runbook's first cell. What was passed over in `.env` files is told, once."""
    found = of_file(session, file)
    for note in found.notes:
        if note not in session.told:
            session.told.add(note)
            session.tell(note)
    given = {name: answer.value for name, answer in session.answers.get(file, {}).items()}
    return state.initial(found.variables).with_variables(given)


def reset(session: Session, file: str) -> None:
    """Forget what the cells of `file` left behind, the values given for its inputs included, and read the
    environment anew: `.env` files, and the login shell's at the next need."""
    session.states.pop(file, None)
    session.answers.pop(file, None)
    session.told.clear()
    session.login = None


def where_login_finds(session: Session, program: str, path: str | None) -> str | None:
    """The path of a program that is not on `path`, where the login shell has it; None if it has not either."""
    if shutil.which(program, path=path):
        return None
    try:
        told = session.login if session.login is not None else login.environment(os.environ)
    except RunbookError:
        return None
    return shutil.which(program, path=told.get("PATH"))
