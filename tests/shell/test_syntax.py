"""The commands of a shell text, and the places where it does not parse."""

from __future__ import annotations

import subprocess
import sys
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runbook_ls.shell import syntax, syntax_words
from runbook_ls.shell.syntax import Command, Script, parse, parse_tree
from tests.document.texts import examples


def shown(command: Command) -> str:
    """`A=1 cat a ?$x 2>err <<`: literal words, others as written behind a `?`, then redirections."""
    parts = [f"{a.name}={a.value.value if a.value else '…'}" for a in command.assignments]
    parts += [f"?{word.raw}" if word.value is None else word.value for word in command.words]
    for redirect in command.redirects:
        target = "" if redirect.target is None else redirect.target.value or "?"
        parts.append(f"{redirect.descriptor or ''}{redirect.operator}{target}")
    return " ".join(parts)


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("ls -la", ["ls -la"]),
        ("a; b && c || d & e", ["a", "b", "c", "d", "e"]),
        ("a | b |& c", ["a", "b", "c"]),
        ("( a ); { b; }", ["a", "b"]),
        ("! a", ["a"]),
        ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
        ("while a; do b; done; until c; do d; done", ["a", "b", "c", "d"]),
        ("for i in 1 $(a); do b; done", ["i=…", "a", "b"]),
        ("case $(a) in x) b ;; *) c ;; esac", ["a", "b", "c"]),
        ("f() { a; }; function g { b; }", ["a", "b"]),
        ('echo $(a) `b` "$(c `d`)"', ['echo ?$(a) ?`b` ?"$(c `d`)"', "a", "b", "c ?`d`", "d"]),
        ("cat <(a) > >(b)", ["cat ?<(a) >?", "a", "b"]),
        ("echo ${x:-$(a)} $((1 + $(b)))", ["echo ?${x:-$(a)} ?$((1 + $(b)))", "a", "b"]),
        ("x=$(a) y=(1 $(b)) z[$(c)]=1", ["x=None y=… z=…", "a", "b", "c"]),
        ("A=1 B=two cmd arg", ["A=1 B=two cmd arg"]),
        ("A=1", ["A=1"]),
        ("export A=1 B", ["export A=1 B"]),
        ("[[ -f a && $(b) == c ]]", ["[[ a ?$(b) c", "b"]),
        ("cmd > out 2>&1 < in >> log", ["cmd >out 2>&1 <in >>log"]),
        ("cmd &> all 2>&-", ["cmd &>all 2>&-"]),
        ("> file", [">file"]),
        ("kubectl -n <namespace> get pods", ["kubectl -n pods <namespace >get"]),
        ("a < b c d", ["a c d <b"]),
        ("a | b > c d", ["a", "b d >c"]),
        ("bash <<E\nrm x\nE", ["bash <<"]),
        ("cat <<E\n$(a)\nE", ["cat <<", "a"]),
        ("cat <<E | b > c\nx\nE\nd", ["cat <<", "b >c", "d"]),
        ("a \\\n  b", ["a b"]),
        ("a # b", ["a"]),
        ("((i = 1)); echo ${x:=y}", ["i=…", "echo ?${x:=y}", "x=…"]),
    ],
)
def test_commands(text: str, commands: list[str]):
    script = parse(text)

    assert [shown(command) for command in script.commands] == commands
    assert script.faults == ()


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("plain", "plain"),
        ("'a b'", "a b"),
        ('"a b"', "a b"),
        (r'"a \"b\" \$c \\ \x"', 'a "b" $c \\ \\x'),
        (r"a\ b\*", "a b*"),
        ("a'b'\"c\"", "abc"),
        ("$'a\\tb\\n'", "a\tb\n"),
        ("a\\\nb", "ab"),
        ("--x='y z'", "--x=y z"),
        ("{}", "{}"),
        ("HEAD@{1}", "HEAD@{1}"),
        ("'*'", "*"),
        ("$x", None),
        ('"$x"', None),
        ("$(x)", None),
        ("*.log", None),
        ("a?", None),
        ("[ab]", None),
        ("{a,b}", None),
        ("{1..3}", None),
        ("~/x", None),
        ('$"translated"', None),
        ("$'\\x41'", None),
    ],
)
def test_what_a_program_gets_of_a_word(word: str, value: str | None):
    assert parse(f"cmd {word}").commands[0].words[1].value == value


@pytest.mark.parametrize(
    ("word", "prefix", "splits", "may_be_option"),
    [
        ("--project=$P", "--project=", True, True),
        ('"--project=$P"', "--project=", False, True),
        ("/var/*.log", "/var/", False, False),
        ("/var/$x", "/var/", True, True),
        ('"/var/$x"', "/var/", False, False),
        ('"$x"', "", False, True),
        ('"$@"', "", True, True),
        ('"${a[@]}"', "", True, True),
        ("~/x", "~", False, False),
        ("*", "", False, True),
        ("x{a,b}", "x", False, False),
        ("-v", "-v", False, True),
        ("''", "", False, False),
    ],
)
def test_what_is_known_of_a_word_that_expands(word: str, prefix: str, splits: bool, may_be_option: bool):
    found = parse(f"cmd {word}").commands[0].words[1]

    assert (found.prefix, found.splits, found.may_be_option) == (prefix, splits, may_be_option)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("f() { a; }", ("function",)),
        ("for i in 1; do a; done", ("loop",)),
        ("x && a", ("condition",)),
        ("if x; then a; fi", ("condition",)),
        ("( a )", ("subshell",)),
        ("echo $(a)", ("substitution",)),
        ("a & x", ("background",)),
        ("f() { while x; do echo $(a); done; }", ("function", "loop", "substitution")),
    ],
)
def test_surroundings(text: str, within: tuple[str, ...]):
    assert next(c.within for c in parse(text).commands if c.name == "a") == within


def test_a_pipeline_knows_what_feeds_it():
    first, second = parse("echo x | bash").commands

    assert first.piped_from is None
    assert second.piped_from == first.span


def test_a_here_document_keeps_its_body():
    (command,) = parse("cat <<'E'\na $b\n  c\nE").commands

    assert (command.redirects[0].body, command.redirects[0].quoted) == ("a $b\n  c\n", True)


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('echo "abc', 0, 5, 'the quote " is not closed'),
        ("echo 'don't'", 0, 11, "the quote ' is not closed"),
        ("ls )", 0, 3, "unexpected `)`"),
        ("ls | | wc", 0, 5, "unexpected `|`"),
        ("if true; then ls", 0, 0, "`if` is not closed by `fi`"),
        ("foo() {", 0, 6, "`{` is not closed by `}`"),
        ("for i in a; do\necho\n", 2, 0, "`done` is missing here"),
        ("echo $(ls", 0, 9, "`)` is missing here"),
        ("ls && ", 0, 5, "a command or word is missing here"),
        ("cat <<EOF\nx", 0, 6, "the here-document's end `EOF` is missing"),
        ("ls; done", 0, 4, "`done` closes nothing here"),
        ("gcloud --project=<project>", 0, 25, "unexpected `>`"),
        ("é 😀 'x\nls )", 0, 4, "the quote ' is not closed"),
        ("é\r\n😀 )", 1, 2, "unexpected `)`"),
    ],
)
def test_faults_have_exact_places(text: str, line: int, column: int, message: str):
    fault = parse(text).faults[0]

    assert (fault.span.start.line, fault.span.start.column, fault.message) == (line, column, message)


@pytest.mark.parametrize(
    "text", ["echo \\", "a \\\n", "echo 'x' \\\n\n", "a <<< b", "x=()", "f () ( a )", "time -p a", "a;"]
)
def test_valid_texts_have_no_faults(text: str):
    assert parse(text).faults == ()


def places(script: Script) -> list[tuple[int, int]]:
    spans = chain((c.span for c in script.commands), (w.span for c in script.commands for w in c.words))
    return [(p.line, p.column) for span in spans for p in (span.start, span.end)]


@given(st.text(st.sampled_from("ab $(){}[]<>|&;'\"`\\\n\r#=é😀\ud800*~-"), max_size=40))
@example("\\\r-")  # a line end, although a backslash stands before it
def test_any_text_parses_and_spans_lie_in_it(text: str):
    script = parse(text)
    lines = text.replace("\r\n", "\n ").replace("\r", "\n").split("\n")

    for line, column in places(script):
        assert 0 <= line < len(lines)
        assert 0 <= column <= len(lines[line]) + 1


WORDS = st.lists(
    st.sampled_from(["a", "'b c'", '"d"', "-x", "--y=z", "e\\ f", "'*'", "$'g'", "h'i'j"]), min_size=1
)


_PIECES = st.sampled_from(
    "a -b $X ${X:=y} ${x@P} $(a) ` \" ' \\ ( ) { } ((i=1)) [[ ]] if then fi for in do done case esac f() | && ; & # "
    "> <f <<E \nE\n <<< 2>&1 A=1 A=( export ! é \n a*b ~".split(" ")
)


@examples(300)
@given(st.lists(_PIECES, max_size=15).map(" ".join))
@example("A=1 ( $(a `b")
def test_what_the_walk_passes_over_holds_nothing(text: str):
    script = parse_tree(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(syntax._Reading, "may_hold", lambda reading, node: True)
        assert parse_tree(text) == script


@given(st.text(st.sampled_from("ab*?[]{},.~@!+()\0"), max_size=8))
def test_no_word_without_a_mark_expands(bare: str):
    reader = syntax_words.WordReader()
    if syntax_words._MAY_EXPAND.search(bare) is None:
        assert not syntax_words._BRACES.search(bare)
        assert not syntax_words._GLOB.search(bare)
        assert not syntax_words._EXPANDING.search(bare)
    reader.unquoted(bare)
    assert reader.value == reader.bare == bare


@given(WORDS)
def test_literal_words_are_what_bash_makes_of_them(words: list[str]):
    text = "printf '%s\\0' " + " ".join(words)
    given_by_bash = subprocess.run(["bash", "-c", text], capture_output=True, check=True).stdout

    read = [word.value for word in parse(text).commands[0].words[2:]]
    assert "".join(f"{value}\0" for value in read).encode() == given_by_bash


def test_characters_behind_a_brace_do_no_harm():
    """The parser's own scanner reads beyond a table at them, which ends some processes and not others."""
    code = """
from runbook_ls.shell.syntax import parse_tree
for text in ("{X", "echo {X}", "echo {1..X}", "echo {1X", "f X{X}", "{{X"):
    for code in range(0x10FFFF, 0x100, -0x311):
        parse_tree(text.replace("X", chr(code)))
"""
    for _ in range(3):
        assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


@pytest.mark.parametrize("character", ["é", "ω", "名", "🚀"])
def test_what_stands_behind_a_brace_is_kept(character: str):
    (command,) = parse(f"echo {{{character} a{character}").commands
    assert [word.raw for word in command.words] == ["echo", f"{{{character}", f"a{character}"]
    assert command.words[2].span.start.column == 8


@pytest.mark.parametrize(
    ("piece", "size"), [("|", 30_000), ("<", 30_000), ("![a](", 30_000), ("(ls)\n", 40_000)]
)
def test_what_would_take_the_parser_long_is_a_fault_instead(piece: str, size: int):
    script = parse(piece * (size // len(piece)))
    assert [fault.message for fault in script.faults] == ["it is too long or too tangled to be read"]
    assert script.faults[0].span.end.line == 0


def test_a_long_sound_text_is_read():
    script = parse('if true; then\n  echo "$x" | grep y\nfi\n' * 700)
    assert (len(script.commands), script.faults) == (2100, ())
