"""Secrets go, everything else stays, and redacting twice changes nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runbook_ls.shell.secret_shapes import CONTEXTS, KEY_NAMES, PASSWORD_NAMES, TOKEN_NAMES
from runbook_ls.shell.secrets import SLOT, find, is_redacted, redact
from runbook_ls.shell.wordlists import lower

# Each secret is written in two parts, so that no scanner of this repository takes it for a real one.
_HEX = "0123456789abcdef"
_ALNUM = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"


@pytest.mark.parametrize(
    ("kind", "secret"),
    [
        ("aws-access-key", "AKIA" + "IOSFODNN7EXAMPLE"),
        ("github-token", "ghp_" + _ALNUM),
        ("github-token", "github_pat_" + _ALNUM * 2),
        ("gitlab-token", "glpat-" + _ALNUM[:20]),
        ("slack-token", "xoxb-" + "123456789012-abcDEF456"),
        ("slack-webhook", "hooks.slack.com/services/" + "T0A1B2C3D/B0A1B2C3D/" + _ALNUM[:24]),
        ("stripe-key", "sk_live_" + _ALNUM[:24]),
        ("openai-api-key", "sk-proj-" + _ALNUM),
        ("openai-api-key", "sk-" + _ALNUM),
        ("anthropic-api-key", "sk-ant-" + "api03-" + _ALNUM),
        ("gcp-api-key", "AIza" + _ALNUM[:35]),
        ("gcp-oauth-token", "ya29." + _ALNUM),
        ("azure-client-secret", "abc8" + "Q~" + _ALNUM[:34]),
        ("digitalocean-token", "dop_v1_" + _HEX * 4),
        ("npm-token", "npm_" + _ALNUM),
        ("pypi-token", "pypi-AgEIcHlwaS5vcmc" + _ALNUM * 2),
        ("sendgrid-key", "SG." + _ALNUM[:22] + "." + (_ALNUM * 2)[:43]),
        ("telegram-token", "123456789" + ":AA" + _ALNUM[:33]),
        ("terraform-token", _ALNUM[:14] + ".atlasv1." + (_ALNUM * 2)[:65]),
        ("vault-token", "hvs." + _ALNUM),
        ("jwt", "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0." + _ALNUM),
        (
            "private-key",
            "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA" * 4 + "\n-----END RSA PRIVATE KEY-----",
        ),
        ("private-key", "-----BEGIN PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA" * 4),
    ],
)
def test_tokens_tell_by_their_shape(kind: str, secret: str):
    for before, after in (
        ("", ""),
        ("login --with ", " now"),
        ('{"x":"', '"}'),
        ("A=", "\n"),
        ("\x1b[31m", "\x1b[0m"),
    ):
        assert redact(before + secret + after).text == f"{before}«redacted:{kind}»{after}"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("export DB_PASSWORD=hunter2", "export DB_PASSWORD=«redacted:password»"),
        ("PGPASSWORD='a b c' psql", "PGPASSWORD='«redacted:password»' psql"),
        ("API_SECRET=topsecretvalue run", "API_SECRET=«redacted:secret» run"),
        ("tool --password hunter2 -v", "tool --password «redacted:password» -v"),
        ("tool --password=hunter2", "tool --password=«redacted:password»"),
        ("kubeadm join --token abcdef.0123456789abcdef", "kubeadm join --token «redacted:token»"),
        (
            "aws configure set aws_secret_access_key wJalrXUtnFEMI/K7MDENG/bPxRfiCY",
            "aws configure set aws_secret_access_key «redacted:aws-secret-key»",
        ),
        ("mysql -u root -phunter2 db", "mysql -u root -p«redacted:password» db"),
        ("docker login -u bob -p hunter2 host", "docker login -u bob -p «redacted:password» host"),
        ("sshpass -p hunter2 ssh host", "sshpass -p «redacted:password» ssh host"),
        ("curl -u admin:hunter2 https://host", "curl -u admin:«redacted:password» https://host"),
        ("redis-cli -a hunter2 ping", "redis-cli -a «redacted:password» ping"),
        (
            "echo hunter2 | docker login --password-stdin",
            "echo «redacted:password» | docker login --password-stdin",
        ),
        ("echo 'root:hunter2' | chpasswd", "echo 'root:«redacted:password»' | chpasswd"),
        ("psql postgres://bob:hunter2@db/x", "psql postgres://bob:«redacted:url-password»@db/x"),
        (
            "curl -H 'Authorization: Bearer abc123def456'",
            "curl -H 'Authorization: Bearer «redacted:authorization»'",
        ),
        ("curl -H 'X-API-Key: 0123456789abcdef0123'", "curl -H 'X-API-Key: «redacted:api-key»'"),
        ('{"password": "hunter2", "user": "bob"}', '{"password": "«redacted:password»", "user": "bob"}'),
        ("  password: hunter2\n  user: bob", "  password: «redacted:password»\n  user: bob"),
        ("ALTER USER bob PASSWORD 'hunter2';", "ALTER USER bob PASSWORD '«redacted:password»';"),
        (
            "kubectl create secret generic x --from-literal=user=bob --from-literal=pin=1234",
            "kubectl create secret generic x --from-literal=user=bob --from-literal=pin=«redacted:secret»",
        ),
        (
            "AccountKey=" + _ALNUM * 2 + "==;EndpointSuffix=core",
            "AccountKey=«redacted:azure-storage-key»;EndpointSuffix=core",
        ),
    ],
)
def test_secrets_told_by_what_stands_before_them(text: str, redacted: str):
    assert redact(text).text == redacted


@pytest.mark.parametrize(
    "text",
    [
        "git checkout 3f2a9c1b7d8e4f5a6b7c8d9e0f1a2b3c4d5e6f70",
        "docker pull nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "show 01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "az account set -s 123e4567-e89b-12d3-a456-426614174000",
        "SUBSCRIPTION_ID=123e4567-e89b-12d3-a456-426614174000",
        "kubeadm join --discovery-token-ca-cert-hash sha256:9f86d081884c7d659a2feaa0c55ad015",
        'mysql -u root -p"$PASSWORD" db',
        "mysql -u root -p",
        "mysql -P 3306 --protocol tcp",
        "mkdir -p /srv/data",
        "docker run -p 8080:80 nginx",
        'curl -H "Authorization: Bearer $TOKEN" -u "$USER:$PASS" https://host',
        "PASSWORD=${DB_PASSWORD} TOKEN=$(op read op://vault/item) SECRET=`cat f`",
        "PASSWORD=<password> TOKEN=YOUR_TOKEN KEY=xxxxxxxx SECRET=CHANGEME",
        "docker login --password-stdin < f; tool --token-file f --password-file=/run/p",
        "kubectl get secret my-secret -o jsonpath='{.data.password}'",
        "gcloud secrets versions access latest --secret=db-password",
        "kubectl create token default",
        "read -rsp 'Password: ' PASSWORD",
        "Password: required",
        "secretName: my-secret",
        "max_tokens=4096",
        "token: 3",
        "the password is in the vault, token: see above for more",
        "git clone ssh://git@host:22/repo && open http://localhost:8080/a@b",
        "psql postgres://bob:$PASS@db/x",
        "PWD=/home/bob OLDPWD=/tmp",
        "--private-key ~/.ssh/id_ed25519 SSH_KEY=/root/.ssh/id",
        "password = getpass.getpass()",
        "password: ********",
        "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA\n-----END CERTIFICATE-----",
        "task-sk-learn risk-management-office",
    ],
)
def test_what_must_survive(text: str):
    assert redact(text).text == text
    assert not is_redacted(text)


def test_places_are_those_of_the_text_before():
    text = "tool --password hunter2 --token abc123DEF456"
    assert [text[secret.start : secret.end] for secret in find(text)] == ["hunter2", "abc123DEF456"]


@pytest.mark.parametrize("name", [*KEY_NAMES, *TOKEN_NAMES, *PASSWORD_NAMES])
def test_every_name_tells(name: str):
    assert is_redacted(redact(f"x_{name}={_ALNUM}").text)


@pytest.mark.parametrize(("anchor", "clue", "mark", "pattern"), [context[1:] for context in CONTEXTS])
@given(st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_secret_is_without_its_clue_and_mark(
    anchor: str, clue: str, mark: str, pattern: str, data: st.DataObject
):
    place = re.compile(pattern).search(data.draw(st.from_regex(pattern)))
    if place and lower(place[0]).startswith(anchor.lower()):
        assert clue in lower(place[0])
        assert mark in place[0]


_PIECES = (
    st.sampled_from(
        ["password", "token", "=", ": ", " ", "--", "'", '"', "hunter2", "://", "u:p@", "\n", "$", "«"]
    )
    | st.sampled_from(["«redacted:token»", "eyJ", ".", "mysql -u x -p", "Authorization: Bearer ", "İ"])
    | st.sampled_from(["AKIA" + "IOSFODNN7EXAMPLE", "abc123DEF456ghi789"])
)


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_redacting_twice_changes_nothing(text: str):
    once = redact(text).text
    assert redact(once).text == once
    assert (SLOT.search(once) is not None) == is_redacted(once)


def test_a_long_value_full_of_names_of_secrets_is_read_once():
    text = "password=" + "your-password=" * 5_000  # looked through for each name, it would take half a minute
    assert {one.kind for one in find(text)} == {"password"}
