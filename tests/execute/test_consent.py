"""What may run, what must be confirmed, and what the confirmation shows and binds."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from runbook_ls.execute.consent import Ask, Surroundings, assess_cell, check_syntax, decide, doubts, escape
from runbook_ls.execute.interpreters import Interpreter, resolve
from runbook_ls.shell.risk import Risk, assess
from runbook_ls.values import RunbookError

BASH = resolve("bash")

READS, CHANGES, UNKNOWN, DESTROYS = "ls", "touch x", "frobnicate", "rm x"


@pytest.mark.parametrize(
    ("options", "reads", "changes", "unknown", "destroys"),
    [
        # A cell that somebody wrote or edited, run by an explicit act.
        ({"trusted": True}, "run", "run", "run", "confirm"),
        ({"trusted": True, "unedited_suggestion": True}, "run", "confirm", "confirm", "confirm"),
        ({"trusted": True, "strict": True}, "run", "confirm", "confirm", "confirm"),
        # Trust absent makes consent strict.
        ({"trusted": None}, "run", "confirm", "confirm", "confirm"),
        ({"trusted": False}, "refuse", "refuse", "refuse", "refuse"),
        # What looks read-only but may not be is unknown.
        ({"trusted": True, "doubts": ["PATH holds a relative folder"]}, "run", "run", "run", "confirm"),
        ({"trusted": None, "doubts": ["PATH holds a relative folder"]}, "confirm", "confirm", "confirm", "confirm"),
    ],
)  # fmt: skip
def test_who_is_asked(options: dict[str, object], reads: str, changes: str, unknown: str, destroys: str):
    actions = [decide(assess(text), **options).action for text in (READS, CHANGES, UNKNOWN, DESTROYS)]

    assert actions == [reads, changes, unknown, destroys]


def test_a_decision_says_why_and_where():
    decision = decide(assess("ls\nkubectl get ns\nrm -rf x\ntouch y"), trusted=True)

    assert (decision.why, decision.risk) == ("`rm` removes files", Risk.DESTRUCTIVE)
    assert decision.lines == (2, 3)


def test_programs_in_other_languages_are_unknown():
    python = replace(BASH, word="python", carries=None)

    assert assess_cell("print(1)", python).risk is Risk.UNKNOWN
    assert assess_cell("  \n", python).risk is Risk.READ_ONLY


@pytest.mark.parametrize(
    ("body", "risk"),
    [
        ("ls -la", "read-only"),
        ("ls *(e:'rm x':)", "unknown"),
        ("cat =ls", "unknown"),
        ("rm x", "destructive"),
    ],
)
def test_zsh_has_a_grammar_of_its_own(body: str, risk: str):
    assert assess_cell(body, replace(BASH, word="zsh", carries="zsh")).risk.word == risk


# What a text cannot show


@pytest.fixture
def here(tmp_path: Path) -> Surroundings:
    """An ordinary place: a workspace that is a git repository, and the user's own environment."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path / "home"),
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    subprocess.run(["git", "init", "-q", workspace], env=environment, check=True)
    return Surroundings(environment, workspace, workspace, inherited_path=environment["PATH"])


def configure(here: Surroundings, *arguments: str) -> None:
    subprocess.run(["git", "config", *arguments], cwd=here.directory, env=dict(here.environment), check=True)


def with_variables(here: Surroundings, **variables: str) -> Surroundings:
    return replace(here, environment={**here.environment, **variables})


def test_an_ordinary_place_raises_no_doubt(here: Surroundings):
    assert doubts(assess("ls && git status && cat x | grep y"), here) == ()


def test_an_exported_function_stands_before_a_program(here: Surroundings):
    fooled = with_variables(here, **{"BASH_FUNC_ls%%": "() { rm x; }"})

    assert doubts(assess("ls"), fooled) == ("`ls` is a function or an alias here",)
    assert doubts(assess("cat x"), fooled) == ()


def test_a_function_or_alias_of_the_state_stands_before_a_program(here: Surroundings):
    assert doubts(assess("ls"), replace(here, names={"ls", "gs"})) == ("`ls` is a function or an alias here",)


def test_a_program_of_the_workspace_is_not_the_users(here: Surroundings):
    program = here.directory / "bin" / "ls"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nrm x\n")
    program.chmod(0o755)
    path = f"{program.parent}:{here.environment['PATH']}"
    fooled = replace(with_variables(here, PATH=path), inherited_path=path)

    assert doubts(assess("ls"), fooled) == (f"`ls` is a program of the workspace: {program}",)


def test_a_path_of_its_own_is_not_the_users(here: Surroundings):
    assert "PATH is not the one of your own environment" in doubts(
        assess("ls"), with_variables(here, PATH="/tmp")
    )


@pytest.mark.parametrize("path", ["./evil:/bin", "/bin:", "evil"])
def test_a_relative_path(here: Surroundings, path: str):
    fooled = replace(with_variables(here, PATH=path), inherited_path=path)

    assert "PATH holds a relative folder" in doubts(assess("ls"), fooled)


@pytest.mark.parametrize(
    "name", ["BASH_ENV", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES", "GIT_EXTERNAL_DIFF", "GIT_DIR"]
)
def test_variables_that_run_things(here: Surroundings, name: str):
    assert doubts(assess("ls"), with_variables(here, **{name: "./evil"})) == (
        f"`{name}` is set and changes what a shell runs",
    )


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("core.fsmonitor", "./evil"),
        ("core.pager", "./evil"),
        ("core.sshCommand", "./evil"),
        ("core.hooksPath", "evil"),
        ("pager.log", "./evil"),
        ("diff.external", "./evil"),
        ("diff.x.textconv", "./evil"),
        ("diff.x.command", "./evil"),
        ("filter.x.clean", "./evil"),
        ("gpg.program", "./evil"),
        ("merge.x.driver", "./evil"),
        ("remote.origin.uploadpack", "./evil"),
        ("remote.origin.vcs", "ext"),
        ("protocol.ext.allow", "always"),
    ],
)
def test_a_repository_that_makes_git_run_things(here: Surroundings, setting: str, value: str):
    configure(here, setting, value)

    assert doubts(assess("git status"), here) == (f"git's `{setting.lower()}` runs a program",)
    assert doubts(assess("ls"), here) == ()


def test_a_repository_that_includes_such_a_configuration(here: Surroundings):
    (here.directory / "evil.cfg").write_text("[core]\n\tfsmonitor = ./evil\n")
    configure(here, "include.path", "../evil.cfg")

    assert doubts(assess("git status"), here) == ("git's `core.fsmonitor` runs a program",)


def test_a_submodule_that_makes_git_run_things(here: Surroundings):
    environment, inner = dict(here.environment), here.directory / "a" / "inner"
    inner.mkdir(parents=True)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for folder in (inner, here.directory / "a", here.directory):  # one in the other
        subprocess.run(["git", "init", "-q", folder], env=environment, check=True)
        subprocess.run(["git", "add", "."], cwd=folder, env=environment, check=True, capture_output=True)
        made = ["git", *author, "commit", "-q", "--allow-empty", "-m", "x"]
        subprocess.run(made, cwd=folder, env=environment, check=True)
    assert doubts(assess("git status"), here) == ()

    configure(replace(here, directory=inner), "core.fsmonitor", "./evil")

    assert doubts(assess("git status"), here) == ("git's `core.fsmonitor` runs a program",)


def test_a_hook_that_runs_where_git_reads(here: Surroundings):
    hook = here.directory / ".git" / "hooks" / "post-index-change"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nrm x\n")

    assert doubts(assess("git status"), here) == (f"git runs the hook {hook}",)


def test_what_the_user_chose_for_all_repositories_is_the_users(here: Surroundings):
    configure_home = {**here.environment, "HOME": here.environment["HOME"]}
    Path(configure_home["HOME"]).mkdir()
    subprocess.run(["git", "config", "--global", "core.pager", "delta"], env=configure_home, check=True)

    assert doubts(assess("git log"), here) == ()


def test_harmless_settings(here: Surroundings):
    configure(here, "core.fsmonitor", "false")
    configure(here, "alias.st", "status -sb")

    assert doubts(assess("git status"), here) == ()


def test_no_repository_and_no_git(here: Surroundings, tmp_path: Path):
    assert doubts(assess("git status"), replace(here, directory=tmp_path)) == ()
    nowhere = replace(with_variables(here, PATH="/nowhere"), inherited_path="/nowhere")
    assert doubts(assess("git status"), nowhere) == ()


# What is shown and bound


def ask(body: str = "rm x", **changes: object) -> Ask:
    return replace(Ask(body, BASH, Path("/srv"), "`rm` removes files"), **changes)


def test_what_is_shown():
    shown = ask("ls\nrm x", lines=(1,), variables={"NAME": "web"}, target="context prod").text()

    assert shown.splitlines() == [
        "`rm` removes files.",
        "  ls",
        "> rm x",
        f"with {BASH.program}",
        "in /srv",
        "on context prod",
        "where NAME=web",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rm -rf ~\r\x1b[2Kls", "rm -rf ~\\r\\x1b[2Kls"),
        ("ls \u202ex", "ls \\u202ex"),
        ("l\u200bs", "l\\u200bs"),
        ("a\x00b\x07c\x7f", "a\\x00b\\x07c\\x7f"),
        ("\u2066x\u2069", "\\u2066x\\u2069"),
        ("\U000e0041", "\\U000e0041"),
        ("tab\there é 😀", "tab\there é 😀"),
    ],
)
def test_nothing_hides_in_what_is_shown(text: str, shown: str):
    assert escape(text).replace("\\x0d", "\\r") == shown
    assert shown in ask(text).text().replace("\\x0d", "\\r")


@pytest.mark.parametrize(
    "changes",
    [
        {"body": "rm  x"},
        {"body": "rm x\n "},
        {"interpreter": replace(BASH, program="/tmp/bash")},
        {"interpreter": replace(BASH, arguments=("-x",))},
        {"directory": Path("/srv2")},
        {"target": "prod"},
        {"variables": {"A": "1"}},
        {"variables": {"A": "1", "B": ""}},
    ],
)
def test_whatever_differs_is_another_consent(changes: dict[str, object]):
    assert ask(**changes).digest != ask().digest


def test_the_same_is_the_same_consent():
    assert ask().digest == ask(why="for another reason", lines=(0,)).digest
    assert ask(variables={"A": "1", "B": "2"}).digest == ask(variables={"B": "2", "A": "1"}).digest
    assert ask(variables={"A": "1", "B": "2"}).digest != ask(variables={"A": "1B=2"}).digest


# What cannot be parsed


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            "echo 'unclosed",
            r"cell x \(line 3\) is not valid bash: the quote ' is not closed \(line 1, column 6 of the cell\)",
        ),
        ("ls\nif true; then\n  ls\n", "`fi` is missing here .line 4, column 1 of the cell"),
        ("ls )", "unexpected `\\)` .line 1, column 4"),
    ],
)
def test_what_no_shell_parses_is_refused_with_its_place(body: str, message: str):
    with pytest.raises(RunbookError, match=message):
        check_syntax(body, BASH, os.environ, "cell x (line 3)")


@pytest.mark.parametrize("body", ["ls", "cat <<A <<B\n1\nA\n2\nB", "cat 3<> x", "! if true; then ls; fi", ""])
def test_what_bash_parses_is_not_refused(body: str):
    check_syntax(body, BASH, os.environ, "cell x")


def test_checking_the_syntax_runs_nothing(tmp_path: Path):
    (tmp_path / "env.sh").write_text(f"touch {tmp_path}/ran\n")
    environment = {**os.environ, "BASH_ENV": str(tmp_path / "env.sh"), "BASH_FUNC_x%%": "() { touch ran; }"}
    with pytest.raises(RunbookError):
        check_syntax(f"touch {tmp_path}/ran\necho 'unclosed", BASH, environment, "cell x")

    assert not (tmp_path / "ran").exists()


def test_other_languages_are_not_checked():
    python = Interpreter("python", "/usr/bin/python3")

    check_syntax("if (", python, os.environ, "cell x")
