"""Simple commands read without a parser are what the parser's tree says they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.document.languages import SHELLS
from runbook_ls.shell import plain, syntax
from tests.document.cases import SHARED
from tests.document.texts import examples

_WORDS = st.sampled_from(
    (
        *("ls", "-l", "--since=2h", "a.b/c:d", "%s", "+x", "$X", "${X}", "$X/bin", "~/x", "x~y", "../r.sh"),
        *(
            '"$X"',
            "'a b'",
            '"a $X b"',
            "a'b'c",
            '""',
            "\\$HOME",
            "\\;",
            "*.md",
            '"a \\"b\\" \\$X $X"',
            "'a\n b'",
            '"a\nb"',
        ),
        *(
            "$(date)",
            '"$(a "b" | c)"',
            "x$(a; b)y",
            '"a $(git log \\\n  -n 1 || b) @c"',
            "$(a && $X '(')",
            '"$(a @)\n$X"',
        ),
    )
)
_NAMES = st.sampled_from(("ls", "git", "./run.sh", "sudo", "export", "local", "unset", "$TOOL", "'my tool'"))
_SETTINGS = st.sampled_from(
    ("A=1", "B=$X", "C=$(a b)", "C='a b'", 'E="$(a)"', 'D="$X"', "E=", "F=a:$X", "F+=x")
)
_REDIRECTIONS = st.sampled_from((">f", "> f", "2>&1", "12>f", ">> $X/f", "2> /dev/null", "< f", ">&2"))
_COMMANDS = st.builds(
    lambda blank, settings, name, words, redirections: blank.join((*settings, name, *words, *redirections)),
    st.sampled_from((" ", "\t", " \\\n  ")),
    st.lists(_SETTINGS, max_size=2),
    _NAMES,
    st.lists(_WORDS, max_size=4),
    st.lists(_REDIRECTIONS, max_size=2),
)
# Of `a | b | c && d` the parser makes `a | { b | c && d; }`.
_PIPELINES = st.lists(_COMMANDS, min_size=1, max_size=2).map(" | ".join)
_JOINTS = st.sampled_from([" && ", " || ", "; ", "\n", "\n\n  ", " # why\n", "&&"])
_TEXTS = st.lists(st.tuples(_PIPELINES, _JOINTS), min_size=1, max_size=5).map(
    lambda parts: "".join(f"{command}{joint}" for command, joint in parts[:-1]) + parts[-1][0]
)


@examples(300)
@given(_TEXTS)
def test_it_reads_what_the_tree_says(text: str) -> None:
    script = plain.read(text)
    assert script is None or script == syntax.parse_tree(text)


@pytest.mark.skipif(not (SHARED / "corpus").is_dir(), reason="needs ../shared/corpus")
def test_most_cells_of_the_corpus_are_simple() -> None:
    bodies = [
        cell.body
        for path in sorted((SHARED / "corpus").rglob("*.md"))
        for cell in parse(path.read_bytes().decode()).cells
        if cell.language in SHELLS and "\\\n" not in cell.body
    ]
    simple = [body for body in bodies if plain.read(body) is not None]
    assert len(simple) > len(bodies) / 2
    different = [body for body in simple if plain.read(body) != syntax.parse_tree(body)]
    # The parser thinks that this one splits what `export` sets.
    assert all("export PATH=$PATH:" in body for body in different)


@pytest.mark.parametrize(
    "text",
    [
        "> file", "ls > f x", "ls >| f", "sleep 1 &", "echo $(if a)", "echo $()", "echo $((1))", "echo `date`", "if true", "for x in a", "! true",
        "echo {a,b}", "echo a[1]", "f() { ls; }", "(ls)", "a &&", "| a", "a && && b", "a ;; b", 'echo "open', "echo 'open",
        "echo a#b 'x'#y", "echo $'x'", "x[1]=2", "--a=b", "echo é", "echo ${X:-y}", "a ||\n b", "time ls", "ls\r", "'\r'",
    ],
)  # fmt: skip
def test_what_may_mean_more_is_left_to_the_parser(text: str) -> None:
    assert plain.read(text) is None


def test_an_open_quote_is_seen_at_once() -> None:
    for part in ("$abc", "$abc ", "${abc}", "\\$", "$(a $b) "):
        for opener in ('"', '"$(', "$("):
            assert plain.read(f"echo {opener}{part * 5_000}") is None


@examples(200)
@given(st.text(alphabet=st.sampled_from("ab=$\"'\\ \n;|&#~(){}<>[]fido-é"), max_size=30))
def test_faults_are_told_without_the_walk(text: str) -> None:
    assert syntax.has_faults(text) == bool(syntax.parse(text).faults)


_TOKENS = st.sampled_from(
    (
        *(
            "if",
            "then",
            "elif",
            "else",
            "fi",
            "while",
            "do",
            "done",
            "for x in a",
            "case x in",
            "a)",
            ";;",
            "esac",
        ),
        *(
            "{",
            "}",
            "!",
            "function f",
            "f()",
            "ls",
            "echo",
            "$(",
            ")",
            ";",
            "\n",
            "|",
            "&&",
            "[[",
            "]]",
            '"',
            "done}",
        ),
    )
)


@examples(300)
@given(st.lists(_TOKENS, max_size=12).map(" ".join))
def test_reserved_words_that_close_nothing_are_told_without_the_walk(text: str) -> None:
    assert syntax.has_faults(text) == bool(syntax.parse(text).faults)


@pytest.mark.parametrize("text", ["echo" + " }" * 60, "echo" + " }" * 60 + "; done", "ls\ndone"])
def test_however_many_reserved_words_there_are(text: str) -> None:
    assert syntax.has_faults(text) == bool(syntax.parse(text).faults)
