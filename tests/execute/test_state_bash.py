"""What a bash cell hands on to the next, and what it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runbook_ls.execute import state
from runbook_ls.execute.state import State, Step

from .conftest import Cells


class Notebook:
    """Runs bodies one after the other, each in the state that the one before left."""

    def __init__(self, cells: Cells, environment: dict[str, str] | None = None) -> None:
        self.cells = cells
        self.state: State = state.initial(os.environ if environment is None else environment)

    def run(self, body: str, **changes: object) -> Step:
        request = self.cells.request(body, directory=self.state.directory or self.cells.directory, **changes)
        step = state.run(self.state, request, self.cells.take, self.cells.cancel)
        self.state = step.state
        return step

    def out(self, *bodies: str) -> str:
        """Run them all; what the last one wrote to both streams."""
        for body in bodies:
            step = self.run(body)
        return step.execution.stdout + step.execution.stderr


@pytest.fixture
def notebook(cells: Cells) -> Notebook:
    return Notebook(cells)


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("export A=1", "echo $A; env | grep ^A=", "1\nA=1\n"),
        ("A=1", "echo $A; env | grep ^A= || echo not exported", "1\nnot exported\n"),
        ("A='x  \"y\" $z `t` \\'", 'echo "$A"', 'x  "y" $z `t` \\\n'),
        ("A=$'a\\nb\\tc\\r'", 'printf %s "$A" | od -An -c', "   a  \\n   b  \\t   c  \\r\n"),
        ("export A=$'a\\nb'", 'echo "$A"', "a\nb\n"),
        ("export A=$'\\377\\001x'", 'printf %s "$A" | od -An -tx1', " ff 01 78\n"),
        ("A=$'\\377\\001x'", 'printf %s "$A" | od -An -tx1', " ff 01 78\n"),
        ("A=é😀", 'echo "$A"', "é😀\n"),
        ("A=; export B=", 'echo "[${A-unset}][${B-unset}]"', "[][]\n"),
        ("export OLD=1; unset HOME OLD", 'echo "${HOME-unset} ${OLD-unset}"', "unset unset\n"),
        ("a=(1 'x y' '' \"(z)\")", 'echo "${#a[@]}:${a[1]}:${a[3]}"', "4:x y:(z)\n"),
        ("declare -A m=([k]=v ['a b']=\"c'd\" ['(']=')')", "echo \"${m[k]} ${m[a b]} ${m['(']}\"", "v c'd )\n"),
        ("declare -i n=3", "n+=4; echo $n", "7\n"),
        ("declare -u U=abc", "U=xyz; echo $U", "XYZ\n"),
        ("declare -ix n=3", "n+=1; env | grep ^n=", "n=4\n"),
        ("V=1; declare -n ref=V", "ref=2; echo $V", "2\n"),
        ("f() { echo \"f:$1\"; }", "f x", "f:x\n"),
        ("f() { cat <<E\n} hi $1\nE\n}", "f x", "} hi x\n"),
        ("f() { echo exported; }; export -f f", "bash -c f", "exported\n"),
        ("f() { [[ $1 == +([a-z]) ]] && echo ext; }; shopt -s extglob", "f abc; shopt extglob | cut -f2", "ext\non\n"),
        ("shopt -s expand_aliases; alias hi='echo hello'", "hi", "hello\n"),
        ("shopt -s nullglob dotglob", "echo *.none; shopt -p dotglob", "\nshopt -s dotglob\n"),
        ("set -u -o pipefail", "echo $-; false | true; echo $?", "huB\n1\n"),
        ("set -C", "echo x > f; (echo y > f) 2>/dev/null; cat f", "x\n"),
        ("set -f", "echo *", "*\n"),
        ("cd /usr", "pwd; echo $PWD $OLDPWD", "/usr\n/usr {cwd}\n"),
        ("mkdir d; cd d", "pwd; cd -", "{cwd}/d\n{cwd}\n"),
        ("set -o posix; A=1", "echo $A; shopt -o posix | cut -f2", "1\non\n"),
        ("IFS=,", 'x="a,b"; set -- $x; echo $2', "b\n"),
    ],
)  # fmt: skip
def test_what_is_carried(notebook: Notebook, first: str, second: str, shown: str):
    assert notebook.out(first, second).replace(str(notebook.cells.directory), "{cwd}") == shown


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("exit 3", 3),
        ("false", 1),
        ("set -e; false; echo never", 1),
        ("set -u; echo $nothing; echo never", 1),
        ("f() { exit 4; }; f", 4),
        ("( exit 5 )", 5),
        ("exec >&- 2>&-; exit 6", 6),
        ("PATH=/nowhere; exit 7", 7),
        ("LANG=C; LC_ALL=C; exit 8", 8),
        ("echo 'unclosed", 2),
        ("trap 'exit 9' EXIT", 9),
        ("trap 'echo bye' EXIT; exit 10", 10),
        ("trap 'X=late' EXIT INT TERM; exit 11", 11),
        ("set -euxo pipefail -C; false", 1),
        ("IFS=x; exit 12", 12),
        ("set -f; shopt -s failglob nocasematch; exit 13", 13),
        ("umask 777; exit 14", 14),
        ("readonly A; exit 15", 15),
        ("declare() { :; }; alias() { :; }; shopt() { :; }; exit 16", 16),
        ("kill $$; sleep 1", 143),
    ],
)
def test_the_state_is_saved_however_the_cell_ends(notebook: Notebook, ending: str, code: int):
    step = notebook.run(f"A=saved\n{ending}")

    assert step.execution.exit_code == code
    assert step.notes == ()
    assert "saved" in notebook.run("unset -f declare; set +eux; builtin echo $A").execution.stdout


@pytest.mark.parametrize(
    ("ending", "why"),
    [
        ("kill -9 $$", "it was ended"),
        ("exec true", "`exec`"),
        ("set -n", "`set -n`"),
        ("trap - EXIT; builtin trap - EXIT", "a trap of its own"),
    ],
)
def test_a_state_that_could_not_be_saved_is_said_and_the_old_one_kept(
    notebook: Notebook, ending: str, why: str
):
    notebook.run("A=old; export B=old")
    step = notebook.run(f"A=new; export B=new\n{ending}")

    assert len(step.notes) == 1
    assert why in step.notes[0]
    assert notebook.out("echo $A $B") == "old old\n"


def test_the_users_exit_traps_run(notebook: Notebook):
    assert notebook.out("trap 'echo bye $?' EXIT; exit 3") == "bye 3\n"
    assert (
        notebook.out("trap 'echo one' EXIT; trap 'echo two' EXIT; trap -p EXIT")
        == "trap -- 'echo two' EXIT\ntwo\n"
    )
    assert notebook.out("trap 'echo one' EXIT; trap - EXIT; echo end") == "end\n"
    assert notebook.out("(trap 'echo sub' EXIT; true); echo end") == "sub\nend\n"
    assert notebook.out("echo $(trap 'echo sub' EXIT; echo in)") == "in sub\n"
    assert notebook.out("trap 'echo int' INT; kill -INT $$; echo on") == "int\non\n"
    assert notebook.out("f() { trap 'echo f' EXIT; }; f; echo end") == "end\nf\n"
    assert notebook.out("echo none left") == "none left\n"


def test_what_an_exit_trap_sets_is_carried(notebook: Notebook):
    assert notebook.out("trap 'X=late; cd /usr' EXIT; X=early", "echo $X; pwd") == "late\n/usr\n"


def test_locals_do_not_become_globals(notebook: Notebook):
    notebook.run("""
        x=global; array=(global); declare -A map=([k]=global); exported=global; export exported
        f() { local x=1 y=1 array=(1) exported=1; local -A map=([k]=1); g; }
        g() { local x=2 z=2; exit 4; }
        f
    """)

    assert notebook.out("echo $x ${array[0]} ${map[k]} $exported ${y-unset} ${z-unset}") == (
        "global global global global unset unset\n"
    )


def test_cells_can_run_again(notebook: Notebook):
    body = "readonly R=1; declare -r S=2; f() { echo $R$S; }; readonly -f f; f"

    assert notebook.out(body, body) == "12\n"


def test_a_variable_that_is_exported_again_has_its_new_value(notebook: Notebook):
    assert notebook.out("export A=1", "export A=2", "A=3", "echo $A; env | grep ^A=") == "3\nA=3\n"


def test_changes_are_listed(notebook: Notebook):
    notebook.run("export A=1; B='x y'; gone=1")
    step = notebook.run("A=2; C=(1 2); unset gone; cd /usr")

    assert [(c.name, c.before, c.after) for c in step.changes] == [
        ("A", "1", "2"),
        ("C", None, '([0]="1" [1]="2")'),
        ("gone", "1", None),
        ("PWD", str(notebook.cells.directory), "/usr"),
    ]
    assert notebook.run("true").changes == ()


def test_functions_and_aliases_are_known_to_consent(notebook: Notebook):
    notebook.run("ls() { echo mine; }; alias gs='git status'")

    assert {"ls", "gs"} <= notebook.state.names


def test_big_values(notebook: Notebook):
    step = notebook.run(
        'big=$(printf "%0300000d" 0); fits=$(printf "%0200000d" 0); export wide=$(printf "%0150000d" 0)'
    )

    assert step.notes == ("big holds more than 256 KB and is not carried to the next cell",)
    assert notebook.out("echo ${#fits} ${#wide} ${big-dropped}") == "200000 150000 dropped\n"


def test_tracing_shows_the_cell_and_nothing_else(notebook: Notebook):
    assert notebook.run("set -x; true").execution.stderr == "+ true\n"
    assert notebook.run("echo hi").execution.stderr == "+ echo hi\n"


def test_bash_env_is_the_users_for_children_only(cells: Cells, tmp_path: Path):
    (tmp_path / "env.sh").write_text("FROM_ENV=1\n")
    notebook = Notebook(cells, {**os.environ, "BASH_ENV": str(tmp_path / "env.sh")})

    assert notebook.out("echo ${FROM_ENV-no}; bash -c 'echo $FROM_ENV'") == "no\n1\n"
    assert Notebook(cells).out("echo ${BASH_ENV-unset}") == "unset\n"


def test_names_that_are_no_shell_names_stay(cells: Cells):
    notebook = Notebook(cells, {**os.environ, "npm.x": "1"})

    assert notebook.out("true", "env | grep npm") == "npm.x=1\n"


def test_an_exported_function_of_the_environment_is_a_function(cells: Cells):
    notebook = Notebook(cells, {**os.environ, "BASH_FUNC_hi%%": "() { echo hello; }"})

    assert notebook.out("true", "hi; bash -c hi") == "hello\nhello\n"
    assert "hi" in notebook.state.names


def test_shell_levels_do_not_grow(notebook: Notebook):
    assert notebook.out("echo $SHLVL") == notebook.out("true", "true", "echo $SHLVL")


def test_variables_can_be_set_from_outside(notebook: Notebook):
    notebook.run("declare -i NAME=3")
    notebook.state = notebook.state.with_variables({"NAME": "pods", "__": "last output"})

    assert notebook.out('echo "$NAME $__"') == "pods last output\n"


def test_a_cell_of_another_language_sees_exports_and_the_directory(notebook: Notebook):
    notebook.run("export A=1; B=2; cd /usr")
    from runbook_ls.execute.interpreters import resolve

    step = notebook.run(
        "import os; print(os.environ['A'], 'B' in os.environ, os.getcwd())", interpreter=resolve("python")
    )

    assert step.execution.stdout == "1 False /usr\n"
    assert notebook.out("echo $B") == "2\n"


def test_a_state_is_a_value(notebook: Notebook):
    notebook.run("A=1")
    before = notebook.state
    notebook.run("A=2")
    notebook.state = before

    assert notebook.out("echo $A") == "1\n"


def test_a_directory_that_is_gone_is_an_error(notebook: Notebook):
    from runbook_ls.values import RunbookError

    notebook.run('mkdir gone; cd gone; rmdir "$PWD"')
    with pytest.raises(RunbookError, match="gone of the cell does not exist"):
        notebook.run("true")


def test_nothing_of_the_state_stays_on_disk(notebook: Notebook):
    from runbook_ls.execute import private

    notebook.run("SECRET=hunter2")
    notebook.run('ls /dev/fd; echo "$SECRET"')

    assert list(private.directory().iterdir()) == []
