"""The commands as people and programs use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Cli

RUNBOOK = """\
# Backups

Say hello

```sh {name=hello}
echo hello
```

Show two streams:

```bash
echo out
echo err >&2
exit 3
```

```yaml
a: 1
```
"""


def test_ls_lists_every_block_with_1_based_lines(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(RUNBOOK)
    cells = json.loads(cli("ls", "a.md", "--json").stdout)
    assert [
        (c["name"], c["explicit_name"], c["start_line"], c["end_line"], c["runnable"]) for c in cells
    ] == [
        ("hello", True, 5, 7, True),
        ("echo-out", False, 11, 15, True),
        (cells[2]["name"], False, 17, 19, False),
    ]
    assert cells[0] == {
        "file": "a.md",
        "name": "hello",
        "explicit_name": True,
        "language": "sh",
        "attributes": {"name": "hello"},
        "start_line": 5,
        "end_line": 7,
        "body": "echo hello",
        "intent": "Say hello",
        "runnable": True,
    }


def test_run_streams_and_stops_at_the_first_failure(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(RUNBOOK)
    done = cli("run", "a.md", "--all")
    assert done.returncode == 1
    assert done.stdout == "hello\nout\n"
    assert "err\n" in done.stderr
    assert "hello: exit 0" in done.stderr
    assert "not learned: exit 3" in done.stderr


def test_a_cell_sees_what_the_cells_before_it_left(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "Set up\n\n```sh\nexport REGION=eu; plain=p; mkdir made; cd made; greet() { echo hi $1; }\n```\n\n"
        'Use it\n\n```sh\necho "$REGION $plain ${PWD##*/}"; greet you\n```\n\n'
        "In a folder that the first cell made\n\n```sh {cwd=made}\npwd\n```\n"
    )
    done = cli("run", "a.md", "--all")
    assert (done.returncode, done.stdout) == (0, f"eu p made\nhi you\n{tmp_path / 'made'}\n"), done.stderr


def test_run_as_json_lines(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(RUNBOOK)
    done = cli("run", "a.md", "--all", "--json")
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first["receipt"] == "learned"
    assert (second["name"], second["exit_code"], second["stdout"], second["stderr"], second["truncated"]) == (
        "echo-out", 3, "out\n", "err\n", False,
    )  # fmt: skip
    assert Path(second["output_file"]).read_text() in ("out\nerr\n", "err\nout\n")


def test_dry_run_runs_nothing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Make a file\n\n```sh\ntouch made\n```\n")
    done = cli("run", "a.md", "--all", "--dry-run")
    assert done.returncode == 0
    assert "touch made" in done.stdout
    assert not (tmp_path / "made").exists()


def test_destroying_without_a_terminal_is_refused_and_runs_nothing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("First\n\n```sh\ntouch made\n```\n\nThen\n\n```sh\nrm -rf keep\n```\n")
    (tmp_path / "keep").mkdir()
    for more in ([], ["--yes=changing"]):
        done = cli("run", "a.md", "--all", *more)
        assert done.returncode == 2
        assert "needs your consent" in done.stderr
        assert (tmp_path / "keep").is_dir()
        assert not (tmp_path / "made").exists()
    assert cli("run", "a.md", "--all", "--yes").returncode == 0
    assert not (tmp_path / "keep").exists()


def test_what_was_learned_is_suggested_shown_and_forgotten(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text(
        '{"intent": "show the pods of the namespace shop", "command": "kubectl get pods -n shop"}\n'
    )
    assert cli("learn", "--jsonl", "pairs.jsonl").returncode == 0
    answer = json.loads(cli("suggest", "show the pods of the namespace billing", "--json").stdout)
    assert answer["command"] == "kubectl get pods -n billing"
    assert answer["generator"] == "analogy"
    shown = cli("show", answer["examples"][0])
    assert "kubectl get pods -n shop" in shown.stdout
    assert cli("forget", answer["examples"][0]).returncode == 0
    again = cli("suggest", "show the pods of the namespace billing", "--json")
    assert again.returncode == 1
    assert json.loads(again.stdout)["command"] is None


def test_what_is_exported_is_learned_elsewhere_with_its_provenance(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("Say hello\n\n```sh\necho hello\\\n  you\n```\n")
    cli("run", "a.md", "--all")
    exported = cli("export").stdout
    assert json.loads(exported)["source"] == "hand-written"
    monkeypatch.setenv("RUNBOOK_LS_HOME", str(tmp_path / "another"))
    assert cli("export").stdout == ""
    assert cli("learn", "--jsonl", "-", input=exported).returncode == 0
    assert json.loads(cli("export").stdout) == json.loads(exported)


def test_a_batch_answers_in_order_and_reads_only_its_own_examples(cli: Cli) -> None:
    lines = [
        {"id": "a", "intent": "restart the service web"},
        {
            "id": 7,
            "intent": "restart the service web",
            "examples": [{"intent": "restart the service db", "command": "systemctl restart db"}],
        },
    ]
    done = cli("suggest", "--jsonl", input="".join(json.dumps(line) + "\n" for line in lines))
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert (first["id"], first["command"]) == ("a", None)
    assert (second["id"], second["command"]) == (7, "systemctl restart web")
    assert set(second) == {"id", "command", "generator", "confidence", "examples", "problems", "ms"}


def test_learning_from_runbooks_gives_provenance(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "disk.md").write_text(
        "Show the disk usage of host db-2\n\n```sh\nssh db-2 df -h\n```\n"
    )
    assert cli("learn", "docs").returncode == 0
    answer = json.loads(cli("suggest", "Show the disk usage of host db-7", "--json").stdout)
    assert answer["command"] == "ssh db-7 df -h"
    assert "documented in disk.md line 3" in cli("show", answer["examples"][0]).stdout


def test_suggest_for_a_cell(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text('{"intent": "show the disks", "command": "lsblk"}\n')
    cli("learn", "--jsonl", "pairs.jsonl")
    (tmp_path / "a.md").write_text("Show the disks\n\n```sh\n```\n")
    assert cli("suggest", "--in", "a.md:3").stdout == "lsblk\n"


def test_secrets_never_reach_the_journal(cli: Cli, tmp_path: Path, home: Path) -> None:
    secret = "ghp_" + "a1B2" * 9
    (tmp_path / "a.md").write_text(f"Log in with {secret}\n\n```sh\necho {secret}\n```\n")
    done = cli("run", "a.md", "--all")
    assert done.returncode == 0
    kept = [file for file in (home / "runbook-ls").rglob("*") if file.is_file()]
    assert kept
    assert not any(secret.encode() in file.read_bytes() for file in kept)
    assert "«redacted:github-token»" in json.loads(cli("history", "--json").stdout)[0]["executed"]


def test_lint_formats_and_exit_codes(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text("List the pods\n\n```sh\nkubectl -n <namespace> get pods\n```\n")
    (tmp_path / "good.md").write_text("List the pods\n\n```sh\nkubectl get pods\n```\n")
    done = cli("lint", "bad.md", "--format", "json")
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)
    assert (finding["file"], finding["line"], finding["code"], finding["severity"]) == (
        "bad.md",
        4,
        "RB104",
        "error",
    )
    assert cli("lint", "good.md").returncode == 0
    assert cli("lint", "bad.md", "--ignore", "RB104").returncode == 0
    assert cli("lint", "-", input="```sh\necho\n").returncode == 1


def test_lint_fixes_what_is_safe(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("List\n\n```sh\n$ kubectl get pods\n```\n")
    shown = cli("lint", "a.md", "--diff")
    assert (shown.returncode, "+kubectl get pods" in shown.stdout) == (1, True)
    assert "$ kubectl" in (tmp_path / "a.md").read_text()
    assert cli("lint", "a.md", "--fix").returncode == 0
    assert (tmp_path / "a.md").read_text() == "List\n\n```sh\nkubectl get pods\n```\n"


def test_history_is_what_ran(cli: Cli, tmp_path: Path) -> None:
    body = "printf '%s\\n' \"a\tb\" \\\n  c"
    (tmp_path / "a.md").write_text(f"Print\n\n```sh\n{body}\n```\n")
    cli("run", "a.md", "--all")
    (row,) = json.loads(cli("history", "--json").stdout)
    assert row["executed"] == body
    assert list(row) == [
        "id", "time", "file", "cell", "intent", "suggestion", "executed", "exit_code", "duration_ms", "receipt",
    ]  # fmt: skip


def test_history_says_where_it_ran_and_what_did_not_start(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "Count\n\n```python {name=count}\nprint(1)\n```\n\n```sh {name=lost cwd=nowhere}\nls\n```\n"
    )
    cli("run", "a.md", "--all")
    told = cli("history").stdout
    assert "not started" in told
    assert "a.md:3 (count)" in told
    assert "a.md:7 (lost)" in told
    assert "  ```python\n  print(1)\n" in cli("history", "--format", "md").stdout


def test_what_is_no_shell_command_fills_no_shell_cell(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Count the users\n\n```python\nprint(1)\n```\n")
    assert "not learned: only shell commands are" in cli("run", "a.md", "--all").stderr
    assert cli("suggest", "Count the users").returncode == 1


def test_history_since_of_a_file_for_a_ticket(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Say hello\n\n```sh\necho hello\n```\n")
    (tmp_path / "b.md").write_text("Say bye\n\n```sh\necho ```bye```; exit 3\n```\n")
    cli("run", "a.md", "--all")
    cli("run", "b.md", "--all")
    ticket = cli("history", "--file", "b.md", "--since", "1h", "--format", "md").stdout
    assert "Say bye: exit 3" in ticket
    assert f"b.md:3 (echo-bye) in {tmp_path}" in ticket
    assert "  ````sh\n  echo ```bye```; exit 3\n  ````\n" in ticket
    assert "Say hello" not in ticket
    assert cli("history", "--since", "2999-01-01").stdout == ""
    wrong = cli("history", "--since", "yesterday-ish")
    assert wrong.returncode == 2
    assert "--since takes an age" in wrong.stderr


def test_the_demo_shows_the_wrong_guess_and_the_learned_answer(cli: Cli) -> None:
    done = cli("demo")
    assert done.returncode == 0, done.stderr
    assert "hydros logs vscode-ext" in done.stdout
    assert 'jsonPayload.image="caribou"' in done.stdout
    assert "not learned: exit 127" in done.stdout
    assert "learned: 1d → 3d" in done.stdout


def test_doctor_says_what_works(cli: Cli) -> None:
    done = cli("doctor")
    assert "embedder" in done.stdout
    assert "nothing yet" in done.stdout
