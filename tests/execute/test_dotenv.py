"""`.env` files: what they may say, and what they may not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.execute import dotenv


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A=1\nB = 2 \n", {"A": "1", "B": "2"}),
        ("export A=1 # why\n#B=2\n", {"A": "1"}),
        ("A='x # y $Z ${B}'", {"A": "x # y $Z ${B}"}),
        ('A="x\\ny \\"z\\"" # c', {"A": 'x\ny "z"'}),
        ('A="two\nlines"\nB=1', {"A": "two\nlines", "B": "1"}),
        ("A=http://x/#y", {"A": "http://x/#y"}),
        ("A=1\nB=${A}2${HERE}${GONE}", {"A": "1", "B": "12here"}),
        ("A=\n", {"A": ""}),
        ("\ufeffA=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=pa$$word", {"A": "pa$$word"}),
    ],
)
def test_what_it_says(text: str, values: dict[str, str]):
    assert dotenv.read(text, {"HERE": "here"}) == dotenv.DotEnv(values)


@pytest.mark.parametrize(
    "name",
    "GCONV_PATH OPENSSL_CONF RIPGREP_CONFIG_PATH KUBECTL_EXTERNAL_DIFF "
    "PATH path LD_PRELOAD DYLD_INSERT_LIBRARIES BASH_ENV ENV PROMPT_COMMAND IFS GIT_SSH_COMMAND PAGER EDITOR PYTHONPATH "
    "PYTHONSTARTUP NODE_OPTIONS HTTP_PROXY https_proxy ALL_PROXY no_proxy HOME RUNBOOK_LS_HOME PERL5OPT SSH_ASKPASS".split(),
)
def test_what_it_may_not_set(name: str):
    assert dotenv.read(f"{name}=x\nOK=1\n", {}) == dotenv.DotEnv({"OK": "1"}, refused=(name,))


def test_lines_that_are_no_assignment_are_named():
    assert dotenv.read("A=1\nwhat\n\n=2\nB='open\nC=3", {}).faults == (2, 4, 5)


@given(st.text())
def test_any_text_is_read(text: str):
    found = dotenv.read(text, {})

    assert not any(dotenv.forbidden(name) for name in found.values)


@given(
    st.dictionaries(
        st.from_regex(r"X_[A-Z]{1,5}", fullmatch=True),
        st.text().filter(lambda t: "'" not in t and "\r" not in t and "\0" not in t),
    )
)
def test_what_is_quoted_is_read_back(values: dict[str, str]):
    text = "".join(f"{name}='{value}'\n" for name, value in values.items())

    assert dotenv.read(text, {}).values == values
