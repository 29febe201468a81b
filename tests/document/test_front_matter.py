from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.document import parse
from runbook_ls.document.front_matter import FrontMatter
from tests.document.texts import examples

READ = {
    "yaml": (
        "---\nshell: bash\nrunme:\n  id: x\n---\n",
        FrontMatter("yaml", {"shell": "bash", "runme": {"id": "x"}}, 5),
    ),
    "yaml that ends with dots": ("---\nshell: bash\n...\n", FrontMatter("yaml", {"shell": "bash"}, 3)),
    "toml": (
        '+++\nshell = "bash"\n[runme]\nid = "x"\n+++\n',
        FrontMatter("toml", {"shell": "bash", "runme": {"id": "x"}}, 5),
    ),
    "json": ('{\n  "shell": "bash"\n}\n', FrontMatter("json", {"shell": "bash"}, 3)),
    "json between the markers of yaml": (
        '---\n{"shell": "bash"}\n---\n',
        FrontMatter("yaml", {"shell": "bash"}, 3),
    ),
    "empty": ("---\n---\n", FrontMatter("yaml", {}, 2)),
    "windows": ("---\r\nshell: bash\r\n---\r\n", FrontMatter("yaml", {"shell": "bash"}, 3)),
    "a byte order mark": ("\ufeff---\nshell: bash\n---\n", FrontMatter("yaml", {"shell": "bash"}, 3)),
    "blanks after the markers": ("--- \nshell: bash\n---\t\n", FrontMatter("yaml", {"shell": "bash"}, 3)),
    "at the end of the file": ("---\nshell: bash\n---", FrontMatter("yaml", {"shell": "bash"}, 3)),
    "after comments": ("<!-- one -->\n\n<!-- two\n-->\n---\na: 1\n---\n", FrontMatter("yaml", {"a": 1}, 7)),
    "after templates": ("{{- $x := 1 -}}\n{% raw %}\n---\na: 1\n---\n", FrontMatter("yaml", {"a": 1}, 5)),
    "dates": ("---\nd: 2024-01-02\n---\n", FrontMatter("yaml", {"d": datetime.date(2024, 1, 2)}, 3)),
    "values filled in by templates": (
        '+++\ntitle = \'{{ replace .Name "-" " " }}\'\ndate = {{ .Date }}\ndraft = true\n+++\n',
        FrontMatter("toml", {"draft": True}, 5),
    ),
    "lines filled in by templates": (
        "---\n{{ if x }}\na: {{ .A }}\nb: 1\n{{ end }}\n---\n",
        FrontMatter("yaml", {"b": 1}, 6),
    ),
}
NONE = {
    "no text": "",
    "a heading": "# Title\n",
    "a thematic break": "---\n\ntext\n",
    "two thematic breaks": "---\n\nsome text\n\n---\n",
    "two dashes": "--\na: b\n---\n",
    "an include": '--8<-- "snippet.md"\n\n# Title\n',
    "a template": '{% include "x.md" %}\n\ntext\n',
    "braces": "{not json}\n",
    "after text": "text\n---\na: b\n---\n",
    "json with text after it": '{"a": 1} text\n',
}
BROKEN = {
    # text, line of the problem, line after the front matter
    "yaml": ("---\na: b\nc: [\n---\n", 2, 4),
    "yaml and json": ('---\n{\n  "shell": "sh",\n  "cwd": "/x\n}\n---', 4, 6),
    "a bad date": ("---\na: 2024-99-99\n---\n", 1, 3),
    "toml": ("+++\na = 1\nb =\n+++\n", 2, 4),
    "too deep": ("---\na: " + "[" * 500 + "\n---\n", 1, 3),
    "never closed": ("---\na: b\n\n# Title\n", 0, 0),
    "json": ('{"a": 1,\n\n# Title\n', 2, 0),
}


@pytest.mark.parametrize(("text", "expected"), READ.values(), ids=READ)
def test_read(text: str, expected: FrontMatter) -> None:
    runbook = parse(text + "\n```sh\none\n```\n" if not text.endswith("---") else text)
    assert runbook.front_matter == expected
    assert not runbook.problems
    if runbook.cells:
        assert runbook.text.splitlines()[runbook.cells[0].start_line] == "```sh"


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_none(text: str) -> None:
    runbook = parse(text)
    assert runbook.front_matter is None
    assert not runbook.problems


@pytest.mark.parametrize(("text", "line", "end"), BROKEN.values(), ids=BROKEN)
def test_broken_front_matter_is_a_problem_and_the_rest_parses(text: str, line: int, end: int) -> None:
    runbook = parse(text + "\n```sh\none\n```\n")
    problem = runbook.problems[0]
    assert problem.code == "RB007"
    assert problem.span is not None
    assert problem.span.start.line == line
    assert (runbook.front_matter.end_line if runbook.front_matter else 0) == end
    assert not runbook.front_matter or runbook.front_matter.data == {}
    assert [cell.body for cell in runbook.cells] == ["one"]


@examples(200)
@given(
    st.sampled_from(["---\n", "+++\n", "{", "---\n{"]),
    st.text(alphabet="a:-[]{}\"'\n &*!|>%@#0=", max_size=30),
)
def test_anything(opener: str, text: str) -> None:
    closer = opener.split("{")[0]
    for whole in (opener + text, f"{opener}{text}\n{closer}"):
        parse(whole).problems  # noqa: B018 (it must not raise)


ALIASES = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(8)
)
MERGES = "a0: &a0 {x: 1}\n" + "".join(f"a{i + 1}: &a{i + 1} {{<<: [*a{i}, *a{i}]}}\n" for i in range(40))


@pytest.mark.parametrize(
    "content",
    [
        "a: " + "[" * 50_000,  # ended the process
        "a: " + "{a: " * 50_000,
        "a: " + "- " * 50_000,
        "a: " + "[" * 150 + "]" * 150,
        "".join(f"{' ' * i}a:\n" for i in range(1000)),
        ALIASES,
        ALIASES + "b: {{ x }}\n",
        MERGES,
        "a: &a [*a]\n",
        "a: " + "9" * 10_000,
    ],
    ids=lambda content: content[:12],
)
def test_hostile_front_matter_is_a_problem_like_any_other(content: str) -> None:
    runbook = parse(f"---\n{content}\n---\n\n```sh\none\n```\n")
    assert [problem.code for problem in runbook.problems] == ["RB007"]
    assert [cell.body for cell in runbook.cells] == ["one"]


def test_aliases_and_merges_as_people_write_them() -> None:
    content = "base: &base {cwd: /srv, tag: [a, b]}\nother: {<<: *base, cwd: /opt}\nlist: [*base, *base]"
    runbook = parse(f"---\n{content}\n---\n")
    assert runbook.front_matter is not None
    assert runbook.front_matter.data["other"] == {"cwd": "/opt", "tag": ["a", "b"]}


def test_title() -> None:
    assert parse("---\ntitle: One\n---\n").title == "One"
    assert parse("---\ntitle: One\n---\n# Two\n").title == "Two"
    assert parse("text").title == ""
