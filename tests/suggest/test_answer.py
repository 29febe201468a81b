"""Which command is in what a model said, and why there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.suggest.answer import Read, read
from runbook_ls.suggest.endpoint import Completion

INTENT = "List the pods"


def command(text: str, finish: str = "stop", intent: str = INTENT) -> str:
    return read(Completion(text, finish), intent, {"kubectl", "ls", "echo", "for"}.__contains__).command


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```sh\nkubectl get pods\n```", "kubectl get pods"),
        ("Sure! Run this:\n\n```bash\nkubectl get pods\n```\n\nIt lists them.", "kubectl get pods"),
        ("```\nkubectl get pods\n```", "kubectl get pods"),
        ("~~~sh\nkubectl get pods\n~~~", "kubectl get pods"),
        ("```sh\nfor i in 1 2; do\n  echo $i\ndone\n```", "for i in 1 2; do\n  echo $i\ndone"),
        ("```sh\nkubectl get pods", "kubectl get pods"),
        ("- so:\n\n  ```sh\n  kubectl get pods\n  ```", "kubectl get pods"),
        ("```console\n$ kubectl get pods\nNAME READY\n```", "kubectl get pods"),
        ("```text\nkubectl get pods\n```", "kubectl get pods"),
        ("```python\nkubectl get pods\n```", "kubectl get pods"),
        ('```json\n{"a": 1}\n```\n\n```sh\nls\n```', "ls"),
        ("```sh\nls\n```\n\n```sh\nrm x\n```", "ls"),
        ("<think>\n```sh\nrm x\n```\n</think>\n```sh\nls\n```", "ls"),
        ("```sh\r\nls\r\nls -l\r\n```", "ls\nls -l"),
    ],
)
def test_the_first_block_that_holds_a_command(text: str, expected: str) -> None:
    assert command(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "kubectl get pods",
        "Run `kubectl get pods`.",
        "NONE",
        "",
        "```sh\nNONE\n```",
        "```sh\n```",
        "```sh\n# I cannot do that\n```",
        "```\nI am sorry, but I cannot help with that.\n```",
        '```sh\necho "I am sorry, I cannot help with that"\n```',
        "```sh\ntrue\n```",
        "```python\nimport os\nprint(os.listdir())\n```",
        "```json\n{}\n```",
        "<think>\n```sh\nls\n```",
    ],
)
def test_free_text_is_never_a_command(text: str) -> None:
    assert command(text) == ""


def test_talking_is_what_the_intent_may_ask_for() -> None:
    assert command("```sh\necho hello\n```", intent="Say hello") == "echo hello"


@pytest.mark.parametrize(
    ("completion", "reason"),
    [
        (Completion("```sh\nls\n```", "length"), "too long"),
        (Completion("```sh\nls\n```", "stop", cut=True), "too long"),
        (Completion("```sh\nls\n```", "content_filter"), "content filter"),
        (Completion("", "stop", refusal="No."), "refused"),
        (Completion("```sh\nls", ""), "broke off"),
    ],
)
def test_what_was_not_finished_or_not_given_has_its_reason(completion: Completion, reason: str) -> None:
    found = read(completion, INTENT, {"ls"}.__contains__)
    assert found.command == ""
    assert reason in found.reason


def test_a_block_that_was_closed_before_the_connection_broke_is_whole() -> None:
    assert command("```sh\nls\n```\nThis", finish="") == "ls"


@given(
    st.text(alphabet=st.sampled_from("`~ \nls$#-xa<>|&'\"\\\r\t")), st.sampled_from(["stop", "", "length"])
)
def test_any_text_gives_a_command_or_a_reason(text: str, finish: str) -> None:
    found = read(Completion(text, finish), INTENT, {"ls"}.__contains__)
    assert bool(found.command) != bool(found.reason)
    assert isinstance(found, Read)
