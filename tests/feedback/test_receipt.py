from __future__ import annotations

from runbook_ls.feedback import receipt
from runbook_ls.feedback.diff import diff
from runbook_ls.memory.records import Outcome


def test_one_line_says_what_a_run_taught() -> None:
    new, again, other = Outcome("learned", "x"), Outcome("confirmed", "x"), Outcome("superseded", "x", ("y",))
    assert receipt.learned(new, None) == "learned"
    assert receipt.learned(new, diff("get --since=1d", "get --since=3d")) == "learned: 1d → 3d"
    assert receipt.learned(again, diff("get", "get")) == "confirmed"
    assert receipt.learned(other, None) == "learned (replaces the earlier answer)"
    assert receipt.not_learned("exit 127") == "not learned: exit 127"
