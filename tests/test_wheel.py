"""The light base, as a stranger gets it: a wheel in an empty environment, without the extra."""

from __future__ import annotations

import subprocess
import sys
import venv
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .conftest import PROJECT

RUNBOOK = "Say hello\n\n```sh\necho hello\n```\n"


def call(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`runbook-ls` from a wheel of this tree, with the pins of the base."""
    uv = Path(sys.executable).with_name("uv")
    if not uv.exists():
        pytest.skip("uv is not beside this Python: `make test` installs it")
    place = tmp_path_factory.mktemp("wheel")
    built = call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place, cwd=PROJECT)
    assert built.returncode == 0, built.stderr
    venv.create(place / "venv", with_pip=False)
    python = place / "venv" / "bin" / "python"
    install = [
        uv,
        "pip",
        "install",
        "--python",
        python,
        "--require-hashes",
        "-r",
        PROJECT / "requirements-base.txt",
    ]
    if call(*install, "--offline", cwd=place).returncode and (online := call(*install, cwd=place)).returncode:
        pytest.skip(f"the base cannot be installed here: {online.stderr.strip().splitlines()[-1]}")
    (wheel,) = place.glob("*.whl")
    done = call(uv, "pip", "install", "--python", python, "--no-deps", wheel, cwd=place)
    assert done.returncode == 0, done.stderr
    return place / "venv" / "bin" / "runbook-ls"


def test_what_the_pins_of_the_base_need_is_pinned() -> None:
    names = {
        canonicalize_name(line.split("==")[0])
        for line in (PROJECT / "requirements-base.txt").read_text().splitlines()
        if "==" in line and not line.startswith(" ")
    }
    for name in sorted(names):
        try:
            wanted = [Requirement(one) for one in requires(name) or ()]
        except PackageNotFoundError:
            continue  # of another Python
        for one in wanted:
            if one.marker is None or one.marker.evaluate({"extra": ""}):
                assert canonicalize_name(one.name) in names, f"{name} needs {one}: `make pins`"


def test_lint_ls_and_run_need_no_extra(program: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(RUNBOOK)
    assert call(program, "lint", "a.md", cwd=tmp_path).returncode == 0
    assert "echo-hello" in call(program, "ls", "a.md", cwd=tmp_path).stdout
    done = call(program, "run", "a.md", "--all", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "hello\n"), done.stderr
    assert "learned" in done.stderr


def test_what_needs_the_extra_says_so(program: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(RUNBOOK)
    call(program, "run", "a.md", "--all", cwd=tmp_path)
    done = call(program, "suggest", "Say hello", cwd=tmp_path)
    assert done.stdout == "echo hello\n"
    assert "runbook-ls[full]" in done.stderr


def test_the_demo_ships_in_the_wheel(program: Path, tmp_path: Path) -> None:
    done = call(program, "demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert 'jsonPayload.image="caribou"' in done.stdout
