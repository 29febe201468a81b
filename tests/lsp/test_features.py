"""What is offered where. Each case is a runbook with a cursor."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runbook_ls.config.trust import Trust

from .conftest import Features

Open = Callable[..., Features]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Show the pods\n\n```sh\n$0\n```\n", ["Generate command"]),
        ("Show the pods\n\n```sh$0\n```\n", ["Generate command"]),
        ("- Show the pods\n\n  ```bash\n  $0\n  ```\n", ["Generate command"]),
        ("Show the pods\n\n```sh\nkubectl get$0 pods\n```\n", ["Run cell", "Run in terminal"]),
        ("Show the pods$0\n\n```sh\nkubectl get pods\n```\n", ["Generate command below"]),
        ("Show the pods\n$0\n```sh\nkubectl get pods\n```\n", []),
        ("---\nshell$0: zsh\n---\n", []),
        (
            "A\n\n```sh\na\n```\n\nB\n\n```sh\nb$0\n```\n\nC\n\n```sh\nc\n```\n",
            ["Run cell", "Run all above", "Run all", "Run in terminal"],
        ),
        ("A config\n\n```yaml\n$0\n```\n", []),
        ("A config\n\n```yaml\na: 1$0\n```\n", []),
        ("A program\n\n```python\nprint(1)$0\n```\n", ["Run cell", "Run in terminal"]),
        (
            "Pods\n\n```sh\n$ kubectl get$0 pods\n```\n",
            ["Remove the prompts of this cell", "Run cell", "Run in terminal"],
        ),
    ],
)
def test_code_actions(features: Open, text: str, titles: list[str]) -> None:
    assert features(text).actions() == titles


def test_only_the_asked_kinds_of_action(features: Open) -> None:
    here = features("Pods\n\n```sh\n$ kubectl get$0 pods\n```\n")
    assert here.actions(only=["quickfix"]) == ["Remove the prompts of this cell"]
    assert here.actions(only=["refactor"]) == []


def test_an_untrusted_workspace_runs_nothing(features: Open) -> None:
    here = features("Pods\n\n```sh\nkubectl get$0 pods\n```\n", Trust.UNTRUSTED)
    assert here.actions() == []
    assert here.lenses() == []


def test_code_lenses(features: Open) -> None:
    text = """\
        # Pods

        List them

        ```sh
        kubectl get pods
        ```

        Then count them

        ```sh
        ```

        | a | b |
        |---|---|

        ```json
        {}
        ```
        """
    assert features(text).lenses() == [(4, "Run cell"), (10, "Generate command")]
