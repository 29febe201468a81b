"""`runbook-ls run`, as people, CI and pipes use it. What single cells do is tested in tests/workbench."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .conftest import Cli

CHECKED = (
    "# {title}\n\nSay it\n\n```sh {{name=say tag={tag}}}\necho {title}\n```\n\n```output\n{expected}\n```\n"
)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Three runbooks; the second does not print what it says."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for title, expected, tag in (("a", "a", "smoke"), ("b", "x", "smoke"), ("c", "c", "slow")):
        (folder / f"{title}.md").write_text(CHECKED.format(title=title, expected=expected, tag=tag))
    return folder


def test_several_files_at_once_into_one_report(cli: Cli, tmp_path: Path, docs: Path) -> None:
    done = cli("run", "docs", "--all", "--check", "--keep-going", "--jobs", "3", "--junit", "out.xml")
    assert done.returncode == 1
    assert sorted(done.stdout.split()) == ["a", "b", "c"]
    assert "docs/b.md: say: FAILED (line 9): the output is not the expected one" in done.stderr
    assert "-x\n+b\n" in done.stderr
    suites = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert [(Path(suite.get("name", "")).name, suite.get("failures")) for suite in suites] == [
        ("a.md", "0"), ("b.md", "1"), ("c.md", "0"),
    ]  # fmt: skip


def test_the_first_file_that_fails_stops_the_others(cli: Cli, docs: Path) -> None:
    done = cli("run", "docs", "--tag", "smoke", "--tag", "slow", "--check", "--json")
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [(row["name"], row["status"]) for row in rows] == [("say", "passed"), ("say", "failed")]
    assert rows[1]["diff"].endswith("-x\n+b\n")
    assert cli("run", "docs", "--tag", "nope").returncode == 2


def test_an_update_makes_the_check_pass(cli: Cli, docs: Path) -> None:
    done = cli("run", "docs/b.md", "--update")
    assert (done.returncode, "updated the output of 1 cell" in done.stderr) == (0, True)
    assert (docs / "b.md").read_text() == CHECKED.format(title="b", expected="b", tag="smoke")
    assert cli("run", "docs/b.md", "--check").returncode == 0


def test_a_runbook_that_cannot_be_updated_keeps_the_others_from_nothing(
    cli: Cli, tmp_path: Path, docs: Path
) -> None:
    (docs / "a.md").write_text(
        CHECKED.format(title="a", expected="x", tag="smoke").replace("echo a", "date >> a.md")
    )
    done = cli("run", "docs", "--all", "--update", "--junit", "out.xml")
    assert done.returncode == 2
    assert "a.md was changed while its cells ran; nothing was updated. Run it again." in done.stderr
    assert (docs / "b.md").read_text() == CHECKED.format(title="b", expected="b", tag="smoke")
    assert (tmp_path / "out.xml").exists()


def test_a_report_that_cannot_be_written_is_told_before_anything_runs(cli: Cli, docs: Path) -> None:
    done = cli("run", "docs/a.md", "--all", "--junit", "none/out.xml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--junit none/out.xml cannot be written" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="file names are UTF-8 on macOS")
def test_a_report_of_a_file_whose_name_is_not_utf8(cli: Cli, tmp_path: Path, docs: Path) -> None:
    os.rename(docs / "a.md", os.fsencode(docs) + b"/caf\xe9.md")
    assert cli("run", "docs", "--tag", "smoke", "--junit", "out.xml").returncode == 0
    assert "caf" in ElementTree.parse(tmp_path / "out.xml").getroot()[1].get("name", "")


def test_prerequisites_run_first_and_are_consented_to_separately(
    cli: Cli, tmp_path: Path, docs: Path
) -> None:
    (tmp_path / ".git").mkdir()
    (docs / "main.md").write_text(
        "# Main\n\n## Prerequisites\n\n[set up](setup.md)\n\n## Then\n\nUse\n\n```sh\necho $TOOL ${PWD##*/}\n```\n"
    )
    (docs / "setup.md").write_text(
        "Set up\n\n```sh\nexport TOOL=hammer; cd /; touch made\n```\n".replace("cd /", "mkdir d; cd d")
    )
    alone = cli("run", "docs/main.md", "--all")
    assert alone.stdout == "docs\n"
    refused = cli("run", "docs/main.md", "--all", "--with-prerequisites")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "docs/setup.md needs your consent" in refused.stderr
    assert not (docs / "d").exists()
    assert (
        cli("run", "docs/main.md", "--all", "--with-prerequisites", "--yes=changing").stdout
        == "hammer docs\n"
    )


def test_a_dry_run_says_where_values_come_from(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FROM_FILE=1\nPATH=/evil\n")
    (tmp_path / "a.md").write_text(
        "---\ninputs:\n  - {name: REGION, default: eu}\n  - {name: TOKEN, default: abc123}\n---\n\nShow\n\n"
        "```sh {name=show}\nexport NAME=<name>\necho $FROM_FILE $NAME $REGION\n```\n\nAsk\n\n```sh {name=ask}\nexport OTHER=<other>\n```\n"
    )
    done = cli("run", "a.md", "--all", "--dry-run", "--var", "NAME=eve")
    assert done.returncode == 0
    for line in ("NAME comes from --var", f"FROM_FILE comes from {tmp_path / '.env'}", "REGION comes from its default",
                 "where NAME=eve", "where TOKEN=(hidden)", "ask: would ask for OTHER"):  # fmt: skip
        assert f"{line}\n" in done.stdout
    assert "may not set PATH: ignored" in done.stderr
    assert "abc123" not in done.stdout + done.stderr


def test_a_missing_program_that_the_login_shell_has(
    cli: Cli, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "tools").mkdir()
    (home / "tools" / "frobnicate").write_text("#!/bin/sh\n")
    (home / "tools" / "frobnicate").chmod(0o755)
    (home / ".profile").write_text("export PATH=$PATH:$HOME/tools\n")
    monkeypatch.setenv("SHELL", "/bin/sh")
    (tmp_path / "a.md").write_text("Do\n\n```sh\nfrobnicate\n```\n")
    done = cli("run", "a.md", "1")
    assert done.returncode == 1
    assert f"your login shell finds {home / 'tools' / 'frobnicate'}" in done.stderr


def test_a_command_line_keeps_the_environment_that_it_was_given(
    cli: Cli, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".profile").write_text("export PATH=/nowhere\n")
    monkeypatch.setenv("SHELL", "/bin/sh")
    monkeypatch.delenv("SHLVL", raising=False)
    (tmp_path / "a.md").write_text("Show\n\n```sh\necho $PATH\n```\n")
    assert cli("run", "a.md", "1").stdout == f"{os.environ['PATH']}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["a.md"], "Name the cells to run, or --all"),
        (["a.md", "x", "--all"], "there is no x"),
        (["a.md", "--all", "--var", "X"], "--var takes NAME=VALUE, not 'X'."),
        (["gone", "--all", "a.md"], "gone: there is no such file"),
        (["a.md", "--all", "--junit", "no/where.xml"], "cannot be written"),
    ],
)
def test_wrong_use(cli: Cli, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    (tmp_path / "a.md").write_text("Do\n\n```sh\necho\n```\n")
    done = cli("run", *arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def start(
    tmp_path: Path, body: str, *arguments: str, hang_up: signal.Handlers = signal.SIG_DFL
) -> subprocess.Popen[str]:
    """A run that has shown `ready`, and heeds what its parent may ignore."""
    (tmp_path / "a.md").write_text(f"Do\n\n```sh\n{body}\n```\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "runbook_ls", "run", "a.md", "--all", *arguments],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, hang_up),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL],
    ids=lambda number: number.name,
)
def test_a_signal_ends_all_of_the_cell(cli: Cli, tmp_path: Path, number: signal.Signals) -> None:
    os.mkfifo(tmp_path / "life")
    life = os.open(tmp_path / "life", os.O_RDONLY | os.O_NONBLOCK)
    process = start(tmp_path, 'exec 9>life; trap "" HUP; sleep 1000 & echo ready; wait')
    process.send_signal(number)
    process.communicate()
    os.set_blocking(life, True)
    assert os.read(life, 1) == b""
    os.close(life)
    rows = json.loads(cli("history", "--json").stdout)
    receipts = [(row["exit_code"], row["receipt"]) for row in rows]
    told = cli("history").stdout
    if number is signal.SIGKILL:
        assert receipts == [(None, "not learned: it still runs, or runbook-ls was killed meanwhile")]
        assert "  no end known  " in told
    else:
        assert process.returncode == 128 + number
        assert receipts == [(None, "not learned: it did not finish")]
        assert "  cancelled  " in told


def test_nohup_is_heeded(cli: Cli, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "go")
    process = start(tmp_path, "echo ready; read -r word < go; echo $word", hang_up=signal.SIG_IGN)
    process.send_signal(signal.SIGHUP)
    (tmp_path / "go").write_text("on\n")
    assert process.communicate()[0] == "on\n"
    assert process.returncode == 0


def test_a_reader_that_has_enough(cli: Cli, tmp_path: Path) -> None:
    process = start(tmp_path, "echo ready; yes")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() == 1  # click's word for a closed pipe
    assert len(json.loads(cli("history", "--json").stdout)) == 1


def test_a_runbook_that_changes_itself_runs_as_it_was_read_and_that_is_said(cli: Cli, tmp_path: Path) -> None:
    text = "One\n\n```sh\nsed -i.bak 's/tw[o]/evil/' a.md\n```\n\nTwo\n\n```sh\necho two\n```\n"
    (tmp_path / "a.md").write_text(text)
    done = cli("run", "a.md", "--all")
    assert (done.returncode, done.stdout) == (0, "two\n")
    assert "echo evil" in (tmp_path / "a.md").read_text()
    assert "a.md was changed while its cells ran; what ran is what it said before" in done.stderr


def test_after_a_failure_the_way_on_is_said(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a b.md").write_text(
        "One\n\n```sh {name=one}\ntrue\n```\n\n```sh {name=two}\nfalse\n```\n\n```sh {name=three}\ntrue\n```\n"
    )
    done = cli("run", "a b.md", "--all")
    assert "not run: three" in done.stderr
    assert "to go on: runbook-ls run 'a b.md' two three (" in done.stderr


def test_the_way_on_takes_no_name_for_an_option(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text('One\n\n```sh {name="--all"}\nfalse\n```\n\n```sh {name=two}\ntrue\n```\n')
    done = cli("run", "a.md", "1", "2")
    assert "to go on: runbook-ls run -- a.md --all two (" in done.stderr


def test_a_background_cell_ends_with_the_run_and_is_not_called_cancelled(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "Serve\n\n```sh {name=serve background=true}\nsleep 1000\n```\n\nUse it\n\n```sh\ntrue\n```\n"
    )
    done = cli("run", "a.md", "--all")
    assert done.returncode == 0
    assert "serve: ended with the run after " in done.stderr
    assert "cancelled" not in done.stderr
