from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document import parse, sessions
from runbook_ls.document.sessions import is_session, read_session
from tests.document.texts import examples

SESSIONS = {
    "a command and its output": ("$ ls\na\nb", [("ls", "a\nb")]),
    "two commands": ("$ ls\na\n\n$ pwd\n/tmp\n", [("ls", "a"), ("pwd", "/tmp")]),
    "a backslash": ("$ kubectl get \\\n    pods\nNAME", [("kubectl get \\\n    pods", "NAME")]),
    "a backslash and the second prompt": (
        "$ kubectl get \\\n> pods\nNAME",
        [("kubectl get \\\npods", "NAME")],
    ),
    "an operator": ("$ a |\n> b\n$ c &&\nd\nout", [("a |\nb", ""), ("c &&\nd", "out")]),
    "a loop": ("$ for i in 1 2; do\n>   echo $i\n> done\n1", [("for i in 1 2; do\n  echo $i\ndone", "1")]),
    "a here-document": (
        "$ cat > f <<EOF\nline $ 1\n  EOF\nEOF\n$ cat f\nline",
        [("cat > f <<EOF\nline $ 1\n  EOF\nEOF", ""), ("cat f", "line")],
    ),
    "a here-document of tabs": ("$ cat <<-'E'\n\tx\n\tE\nx", [("cat <<-'E'\n\tx\n\tE", "x")]),
    "quotes over lines": ("$ echo 'a\n> b'\na\nb", [("echo 'a\nb'", "a\nb")]),
    "output that begins with >": ("$ npm run x\n> x@1.0\n> x", [("npm run x", "> x@1.0\n> x")]),
    "other prompts": (
        "user@host:~/x$ ls\na\nroot@host:/# id\n[me@box dir]$ pwd\n(venv) $ pip\n% date\nPS C:\\> dir",
        [("ls", "a"), ("id", ""), ("pwd", ""), ("pip", ""), ("date", ""), ("dir", "")],
    ),
    "a prompt alone": ("$ ls\na\n$", [("ls", "a")]),
    "comments": ("# first\n$ ls\na\n# then\n$ pwd", [("ls", "a"), ("pwd", "")]),
    "a variable at the start of a line is no prompt": ("$ ls\n$HOME is here", [("ls", "$HOME is here")]),
    "no prompt at all": ("ls\npwd", [("ls\npwd", "")]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("body", "expected"), SESSIONS.values(), ids=SESSIONS)
def test_commands_and_output(body: str, expected: list[tuple[str, str]]) -> None:
    assert [(exchange.command, exchange.output) for exchange in read_session(body)] == expected


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("console", "ls", True),
        ("shellsession", "$ ls", True),
        ("sh", "$ ls\nout", True),
        ("", "# comment\n\n$ ls", True),
        ("bash", "$HOME/bin/x", False),
        ("bash", "$(date)", False),
        ("bash", "echo\n$ ls", False),
        ("bash", "cat <<EOF\n$ ls\nEOF", False),
        ("python", "$ ls", False),
        ("text", "$ ls", False),
    ],
)
def test_is_session(language: str, body: str, expected: bool) -> None:
    assert is_session(language, body) is expected


def test_script() -> None:
    text = "```sh\n$ ls\na\n$ pwd\n```\n\n```sh\n$HOME/x\n```\n\n    $ date\n"
    session, plain, indented = parse(text).cells
    assert session.script == "ls\npwd"
    assert [exchange.command for exchange in session.session] == ["ls", "pwd"]
    assert plain.script == "$HOME/x"
    assert plain.session == ()
    assert indented.runnable
    assert indented.script == "date"


@examples(200)
@given(st.text(alphabet="$> a\"'\\\n|<E", max_size=40))
def test_every_command_line_is_found_in_the_body(body: str) -> None:
    lines = body.split("\n")
    for exchange in read_session(body):
        for number, (text, column) in enumerate(
            zip(exchange.command.split("\n"), exchange.columns, strict=True)
        ):
            assert lines[exchange.line + number][column:] == text
        output = exchange.output.split("\n") if exchange.output else []
        assert lines[exchange.output_line : exchange.output_line + len(output)] == output


@examples(200)
@given(
    st.lists(
        st.sampled_from(
            [*"if fi do then for done else case esac | || && ( { << EOF ; # \\ x $".split(), " ", "\t"]
        )
    )
)
def test_what_a_line_opens_is_told_by_hints(pieces: list[str]) -> None:
    """Lines without the hints need none of the patterns."""
    line = "".join(pieces)
    if sessions._OPENS.search(line) or sessions._CLOSES.search(line):
        assert any(word in line for word in sessions._OPENERS_AND_CLOSERS)
    if sessions._OPEN_ENDED.search(line):
        assert line.rstrip(" \t").endswith(sessions._OPEN_ENDS)
    if sessions._HEREDOC.search(line):
        assert "<<" in line
