"""Whole runbooks run headless, and print what they say they print."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

from .conftest import Cli

RUNBOOKS = PROJECT / "fixtures" / "runbooks"


@pytest.fixture
def runbooks(tmp_path: Path) -> Path:
    """A copy, so that a cell that leaves something behind is seen."""
    return Path(shutil.copytree(RUNBOOKS, tmp_path / "runbooks"))


def check(cli: Cli, runbooks: Path, name: str, *more: str) -> None:
    """Run every cell of a runbook with its expected outputs; nothing changes in the folder."""
    before = sorted(runbooks.rglob("*"))
    done = cli("run", "--check", "--yes", "--json", f"{name}.md", *more, cwd=runbooks)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr + str([row for row in rows if row["status"] != "passed"])
    assert [row["status"] for row in rows] == ["passed"] * len(rows)
    assert len(rows) >= 10
    assert sorted(runbooks.rglob("*")) == before


def test_a_kubernetes_incident(cli: Cli, runbooks: Path) -> None:
    check(cli, runbooks, "kubernetes-incident")


def test_a_tls_renewal(cli: Cli, runbooks: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("needs openssl, which is not installed")
    check(cli, runbooks, "tls-renewal")


def test_a_postgresql_backup(cli: Cli, runbooks: Path, postgresql: Path) -> None:
    check(cli, runbooks, "postgresql-backup", "--var", f"PGHOST={postgresql}", "--var", "PGUSER=postgres")


@pytest.fixture
def postgresql() -> Iterator[Path]:
    """A real server, on a socket in a directory of its own; it never runs as root."""
    programs = [shutil.which(name, path=_server_path()) for name in ("initdb", "postgres")]
    missing = [name for name in ("psql", "pg_dump", "createdb") if not shutil.which(name)]
    if not all(programs) or missing:
        pytest.skip("needs a PostgreSQL server and its client programs, which are not installed")
    initdb, postgres = map(str, programs)
    account = (
        next((name for name in ("postgres", "nobody") if _has(name)), "nobody") if os.geteuid() == 0 else None
    )
    with tempfile.TemporaryDirectory(prefix="rb-pg-", dir="/tmp") as name:
        folder = Path(name)
        if account:
            shutil.chown(folder, account)
        subprocess.run(
            [
                initdb,
                "-D",
                folder / "data",
                "-U",
                "postgres",
                "-A",
                "trust",
                "--no-sync",
                "--no-locale",
                "-E",
                "UTF8",
            ],
            user=account,
            cwd="/",
            check=True,
            capture_output=True,
        )
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
        server = subprocess.Popen(
            [postgres, "-D", folder / "data", *options],
            user=account,
            cwd="/",
            stderr=subprocess.PIPE,
            text=True,
        )
        assert server.stderr is not None
        told = []
        for line in server.stderr:
            told.append(line)
            if "ready to accept connections" in line:
                break
        else:
            pytest.fail("".join(told))
        try:
            yield folder
        finally:
            server.terminate()
            server.communicate()


def _server_path() -> str:
    """Debian keeps the server's programs off PATH."""
    folders = [
        os.environ.get("PATH", ""),
        *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)),
    ]
    return os.pathsep.join(folders)


def _has(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True
