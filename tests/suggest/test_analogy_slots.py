"""Where the values of an intent stand in its command, and in which form."""

from __future__ import annotations

import pytest

from runbook_ls.suggest.slots import slots


def found(intent: str, command: str) -> dict[str, list[str]]:
    """Each value of the intent that the command shows → what the command has there."""
    return {
        slot.part.unit.value: [command[site.start : site.end] for site in slot.sites]
        for slot in slots(intent, command)
    }


@pytest.mark.parametrize(
    ("intent", "command", "expected"),
    [
        ("logs of web for 2 hours", "kubectl logs web --since=2h", {"web": ["web"], "2 hours": ["2h"]}),
        ("wait 5 minutes", "sleep 300", {"5 minutes": ["300"]}),
        ("the last 10 minutes", "journalctl --since '10 minutes ago'", {"10 minutes": ["10 minutes"]}),
        ("older than 14 days", "find / -mtime +14", {"14 days": ["14"]}),
        ("twelve replicas", "kubectl scale x --replicas=12", {"12": ["12"]}),
        ("in the current folder", "find . -type f", {".": ["."]}),
        ("all .c files", 'find / -name "*.c"', {".c": [".c"]}),
        ("the Orders queue", "aws sqs get --queue-name orders", {"Orders": ["orders"]}),
        (
            "describe instance 4520031799277581759",
            "gcloud compute instances describe 4520031799277581759",
            {"4520031799277581759": ["4520031799277581759"]},
        ),
        ("restart nginx", "systemctl restart nginx && systemctl status nginx", {"nginx": ["nginx", "nginx"]}),
        ("set the mode u=rwx", "chmod u=rwx file", {"u=rwx": ["u=rwx"]}),
        ('save it in "host"', "host=`hostname`", {"host": ["host"]}),
        ("folders of a path", 'export DIR="<a path>" X=path', {"path": ["<a path>", "path"]}),
        (
            "pull the image",
            "export IMAGE='<image-of-a-shop>'\ndocker pull $IMAGE",
            {"image": ["<image-of-a-shop>"]},
        ),
    ],
)
def test_slots(intent: str, command: str, expected: dict[str, list[str]]) -> None:
    assert found(intent, command) == expected


@pytest.mark.parametrize(
    ("intent", "command"),
    [
        ("restart the web", "systemctl restart nginx"),  # a verb
        ("show the logs", "docker logs x"),  # a sub-command
        ("for all namespaces", "kubectl get pods --all-namespaces"),  # a flag's name
        ("the shop", "echo workshop"),  # part of a word
    ],
)
def test_what_is_no_slot(intent: str, command: str) -> None:
    assert found(intent, command) == {}
