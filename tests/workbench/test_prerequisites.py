"""The runbooks that come first, and those that may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from runbook_ls.lint.files import read_runbook
from runbook_ls.values import RunbookError
from runbook_ls.workbench import prerequisites

PAGE = "# T\n\n## Prerequisites\n\n{}\n\n## Then\n\n```sh\nls\n```\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with runbooks, and one beside it."""
    folder = tmp_path / "workspace" / "docs"
    folder.mkdir(parents=True)
    (tmp_path / "outside.md").write_text("x\n")
    return folder


def chain(folder: Path, file: str = "main.md") -> list[str]:
    found = prerequisites.chain(folder / file, folder.parent, read_runbook)
    return [required.file.name for required in found]


def write(folder: Path, **links: str) -> None:
    for name, targets in links.items():
        (folder / f"{name}.md").write_text(
            PAGE.format(" ".join(f"[x]({target})" for target in targets.split()))
        )


def test_each_once_the_deepest_first(folder: Path) -> None:
    write(folder, main="a.md b.md", a="c.md", b="sub/../c.md", c="")
    (folder / "sub").mkdir()
    assert chain(folder) == ["c.md", "a.md", "b.md", "main.md"]
    assert chain(folder, "c.md") == ["c.md"]


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        ("../../outside.md", "is outside the workspace"),
        ("/etc/motd.md", "is outside the workspace"),
        ("link.md", "is outside the workspace"),
        ("gone.md", "does not exist"),
        ("main.md", r"leads back to itself \(main.md → main.md\)"),
        ("loop.md", r"leads back to itself \(main.md → loop.md → main.md\)"),
        ("deep0.md", "is more than 8 runbooks deep"),
    ],
)
def test_those_that_are_refused(folder: Path, link: str, sentence: str) -> None:
    (folder / "link.md").symlink_to(folder.parent.parent / "outside.md")
    write(folder, main=link, loop="main.md", **{f"deep{depth}": f"deep{depth + 1}.md" for depth in range(9)})
    with pytest.raises(RunbookError, match=rf"\.md:5: the prerequisite .* {sentence}.*nothing was run"):
        chain(folder)
