"""What is a placeholder, and what only looks like one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_ls.shell import placeholders
from runbook_ls.shell.placeholders import find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kubectl -n <namespace> get pods", ["<namespace>"]),
        ("ssh <user>@<host>", ["<user>", "<host>"]),
        ("scp file <host name>:/tmp", ["<host name>"]),
        ("oc describe <pod|deployment> x", ["<pod|deployment>"]),
        ("curl http://<EXTERNAL-IP>/healthz", ["<EXTERNAL-IP>"]),
        ("ceph daemon osd.<id> ops", ["<id>"]),
        ("aws s3 rm s3://<BUCKET>/<path/to/file>", ["<BUCKET>", "<path/to/file>"]),
        ("sleep <1-5>", ["<1-5>"]),
        ("export REGION=<your-region>", ["<your-region>"]),
        ('echo "$(oc logs <pod>)"', ["<pod>"]),
        ("kubectl logs <...>", ["<...>"]),
    ],
)
def test_angle_brackets_that_the_shell_reads_as_redirections(text: str, expected: list[str]):
    assert [one.text for one in find(text) if one.kind == "redirect"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "sort < names > sorted",
        "sort <names.txt >sorted.txt",
        "sort <in.txt>out.txt",
        "cat<in>out",
        "cat <input.txt sort",
        "cat </etc/hosts>copy",
        "cat <$source>copy",
        "cat <<EOF > file\nhello\nEOF",
        "cat <<<word >file",
        "diff <(sort a) <(sort b) > out",
        "exec 3<>/dev/tcp/host/80",
        "[[ $a < $b && $c > $d ]]",
        "(( a<b && c>d ))",
        "echo $((a<b))$((c>d))",
        "awk '$1<5 && $2>6' file",
        "ls # list <everything> here",
        "kubectl get nodes\nnode-1  Ready  <none>  26h",
        "eth0: <BROADCAST,MULTICAST,UP>",
    ],
)
def test_redirections_are_no_placeholders(text: str):
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NAMESPACE='<namespace label from alert>'", ["<namespace label from alert>"]),
        ('grep "<SA_NAME>" file', ["<SA_NAME>"]),
        ("cat <<EOF\nname: <name>\nEOF", ["<name>"]),
    ],
)
def test_angle_brackets_that_reach_the_program(text: str, expected: list[str]):
    assert [one.text for one in find(text) if one.kind == "angle"] == expected


@pytest.mark.parametrize(
    "text",
    [
        'echo "<b>bold</b>"',
        "cat > pom.xml <<EOF\n<project>\n  <name>x</name>\n</project>\nEOF",
        "cat <<EOF\n<div>\n<br/>\nEOF",
        "echo '<a href=x>'",
        'git commit --author="A U Thor <author@host.org>"',
        "grep -P '(?<year>[0-9]+)' file",
        "grep -P '(?P<year>[0-9]+)' file",
        "grep '\\<word\\>' file",
        "echo '#include <stdio.h>' | cc -E -",
    ],
)
def test_markup_and_patterns_are_no_placeholders(text: str):
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gcloud config set project YOUR_PROJECT", ["YOUR_PROJECT"]),
        ("gcloud config set project your-project-id", ["your-project-id"]),
        ('export TOKEN="CHANGEME"', ["CHANGEME"]),
        ("helm install --set password=REPLACE_ME x", ["REPLACE_ME"]),
        ("curl -H 'X-Key: INSERT_KEY_HERE' x", ["INSERT_KEY_HERE"]),
        ("gcloud --project=my-project run", ["my-project"]),
        ("gcloud --project my_project_id run", ["my_project_id"]),
        ("gcloud projects describe PROJECT_ID", ["PROJECT_ID"]),
        ("gcloud container clusters create CLUSTER_NAME --x", ["CLUSTER_NAME"]),
        ("aws ecs list-tasks --cluster [CLUSTER]", ["[CLUSTER]"]),
        ("curl https://host/{PROJECT_ID}/x", ["{PROJECT_ID}"]),
        ("curl https://api.example.com/v1", ["api.example.com"]),
        ("export KEY=xxxxxxxx", ["xxxxxxxx"]),
        ("ping XX.XX.XX.XX", ["XX.XX.XX.XX"]),
        ("gcloud --project=project_name run", ["project_name"]),
    ],
)
def test_words_that_stand_for_a_value(text: str, expected: list[str]):
    assert [(one.text, one.kind) for one in find(text)] == [(word, "word") for word in expected]


@pytest.mark.parametrize(
    "text",
    [
        "anyscale up",
        'gcloud --project "Project Alpha" run',
        "gcloud --project my-project-7f3a run",
        "gcloud --project $YOUR_PROJECT --zone ${YOUR_ZONE}",
        "YOUR_PROJECT=alpha",
        "export PROJECT_ID",
        "read -r CLUSTER_NAME",
        "envsubst '$PROJECT_ID' < file",
        "sed s/PROJECT_ID/alpha/ file",
        "echo \"{{ lookup('env', 'PROJECT_ID') }}\"",
        'NAME="my-resource-group$SUFFIX"',
        "mktemp /tmp/XXXXXX",
        "mktemp -d /tmp/build.XXXXXX",
        "grep '[A-Z]' file",
        'echo "[INFO] ready"',
        "echo ${values[INDEX]}",
        "[[ -z NAME ]] && [ NAME ]",
        "awk '{PRINT}'",
        "echo done # set YOUR_PROJECT first",
        "curl http://169.254.169.254/latest/meta-data/instance-id",
    ],
)
def test_words_that_do_not(text: str):
    assert find(text) == ()


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("<>ab _-$\"'`\\\n(){}[]#YOUR_X=|.&;EOF")))
def test_any_text_is_taken_and_places_are_exact(text: str):
    end = 0
    for one in find(text):
        assert text[one.start : one.end] == one.text
        assert one.start >= end
        end = one.end


_PIECES = st.sampled_from(
    (
        *("YOUR_X", "your-name", "yourname", "MY_", "POD", "_NAME", "_ID", "my-cluster", "CHANGEME", "example.com", "xxx"),
        *("[MY_POD]", "[A", "]", "{POD_ID}", "{", "}", "$", "${", ":", ":-", "-", ".", "/", "=", " ", "\n", "a", "X.X.X.X"),
        *("your", "Your", "my_", "pod", "Pod", "POD", "resource", "RESOURCE", "group", "GROUP", "_", "_id", ".com", "_HERE"),
    )
)  # fmt: skip


def _with_its_nouns(pattern: str) -> str:
    """The pattern of words with all the nouns written out, instead of looking up what may be one."""
    nouns = "|".join(placeholders._NOUNS)
    for letters, noun in (("A-Za-z", f"(?i:{nouns})"), ("a-z", nouns), ("A-Z", nouns.upper())):
        assert pattern.count(f"|[{letters}]+)") == 1
        pattern = pattern.replace(f"|[{letters}]+)", f"|{noun})")
    return pattern


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_words_are_found_by_hints_and_nouns(text: str):
    """What is looked for where there is a hint is what is found in the whole text, but for `${NAME`."""
    words = _with_its_nouns(placeholders._word_pattern().pattern)
    either = f"{words}|{placeholders._BRACKETED.pattern}"
    every = {match.span() for match in re.finditer(either, text)}
    hinted = {match.span() for match in placeholders._words(text)}
    assert hinted <= every
    assert all(text.startswith("${", start - 2) for start, _ in every - hinted)


def test_a_line_of_thousands_of_words_is_not_read_for_each():
    assert len(find("|xxx" * 10_000)) == 10_000  # it would take ten seconds
