"""Where a run happens, held against what git itself says."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from runbook_ls.workbench import surroundings

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    who = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    apart = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_ALLOW_PROTOCOL": "file"}
    done = subprocess.run(
        ["git", "-C", folder, *arguments],
        env={**os.environ, **who, **apart},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with two commits and a folder."""
    top = tmp_path / "repository"
    (top / "docs").mkdir(parents=True)
    git(top, "init", "--quiet", "--initial-branch=main")
    for message in ("one", "two"):
        git(top, "commit", "--quiet", "--allow-empty", "--message", message)
    return top


def test_the_revision_of_a_branch_loose_packed_and_without_one(repository: Path) -> None:
    assert surroundings.git_revision(repository / "docs") == git(repository, "rev-parse", "HEAD")
    git(repository, "pack-refs", "--all")
    assert surroundings.git_revision(repository) == git(repository, "rev-parse", "HEAD")
    git(repository, "checkout", "--quiet", "--detach", "HEAD~1")
    assert surroundings.git_revision(repository) == git(repository, "rev-parse", "HEAD")


@pytest.mark.parametrize("packed", [False, True])
def test_the_revision_of_a_worktree(repository: Path, tmp_path: Path, packed: bool) -> None:
    tree = tmp_path / "tree"
    git(repository, "worktree", "add", "--quiet", "-b", "other", str(tree), "HEAD~1")
    if packed:
        git(repository, "pack-refs", "--all")
    revision = surroundings.git_revision(tree)
    assert revision == git(tree, "rev-parse", "HEAD") != git(repository, "rev-parse", "HEAD")
    assert surroundings.workspace_of(tree / "a.md") == tree


def test_the_revision_of_a_submodule(repository: Path, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "submodule", "--quiet", "add", str(repository), "part")
    assert surroundings.git_revision(outer / "part") == git(repository, "rev-parse", "HEAD")


@pytest.mark.parametrize("content", [None, "gitdir: /nowhere", "gitdir: ../../../etc", "", "\0"])
def test_no_revision(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / ".git").write_text(content)
    assert surroundings.git_revision(tmp_path) == ""


def test_a_runbook_outside_is_not_of_the_repository_that_one_stands_in(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    (downloads / "a.md").touch()
    monkeypatch.chdir(repository / "docs")
    assert surroundings.workspace_of(Path("../../downloads/a.md")) == downloads
    assert surroundings.workspace_of(Path("../docs")) == repository
