"""Where a run happens, read from files and the environment; no program is started for it."""

from __future__ import annotations

import getpass
import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path

from runbook_ls.files import absolute, read_regular

_LONGEST = 4 * 1024 * 1024  # bytes of git's and kubectl's files
_REVISION = re.compile(r"[0-9a-f]{40,64}")
_CURRENT_CONTEXT = re.compile(r"^current-context:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)


def workspace_of(path: Path) -> Path:
    """The folder that a file's examples belong to when no editor says so: the nearest one with a `.git`, else the
    file's own folder."""
    folder = absolute(path) if path.is_dir() else absolute(path).parent
    return next((parent for parent in (folder, *folder.parents) if (parent / ".git").exists()), folder)


def folder_of(file: str, workspace: str) -> Path:
    """Where a runbook lies. One that was not saved yet (`untitled:Untitled-1`) lies at the top of the workspace, or at
    home where there is none."""
    path = Path(file)
    if path.is_absolute():
        return path.parent
    return Path(workspace) if workspace else Path.home()


def git_revision(folder: Path) -> str:
    """The commit that is checked out around `folder`, as git's own files say; "" if unknown."""
    git, shared = _git_folders(workspace_of(folder) / ".git")
    head = _read(git / "HEAD").strip()
    if head.startswith("ref: "):
        ref = head.removeprefix("ref: ")
        packed = (line.split(" ") for line in _read(shared / "packed-refs").splitlines())
        head = _read(shared / ref).strip() or next((line[0] for line in packed if line[1:] == [ref]), "")
    return head if _REVISION.fullmatch(head) else ""


def _git_folders(git: Path) -> tuple[Path, Path]:
    """Where git keeps `HEAD` and where its branches. In a worktree and a submodule `.git` is a file that names the
    first (gitrepository-layout(5)); a worktree shares the second with its repository."""
    if git.is_file():
        git = git.parent / _read(git).removeprefix("gitdir:").strip()
    common = _read(git / "commondir").strip()
    return git, git / common if common else git


def user() -> str:
    """The name of whoever runs this; "" where the system has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def host() -> str:
    """The name of this machine."""
    return socket.gethostname()


def target(environment: Mapping[str, str] = os.environ) -> str:
    """What cluster commands would act on in an environment (this process's, if none is given): the current Kubernetes
    context, as kubectl's files say; "" if none."""
    files = environment.get("KUBECONFIG") or str(Path(environment.get("HOME", "/")) / ".kube" / "config")
    for file in files.split(os.pathsep):
        found = _CURRENT_CONTEXT.search(_read(Path(file)))
        if found:
            return f"kubernetes:{found[1]}"
    return ""


def _read(file: Path) -> str:
    try:
        return read_regular(file, _LONGEST).decode("utf-8", "replace")
    except (OSError, ValueError):  # ValueError: a path that one of the files names holds a NUL
        return ""
