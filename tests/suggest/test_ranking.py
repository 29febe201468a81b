"""What the other candidates say about one of them."""

from __future__ import annotations

from runbook_ls.memory.examples import Candidate, Example, Source
from runbook_ls.suggest import analogy, ranking


def near(similarity: float, command: str, source: Source = "taught") -> Candidate:
    return Candidate(Example(command, f"do {command}", command, source), similarity, 0.5)


def test_a_lone_candidate_is_usual() -> None:
    alone = near(0.9, "df -h /var")
    assert ranking.custom([alone])(alone.example) == 1.0


def test_the_near_ones_say_what_is_usual() -> None:
    candidates = [near(0.9, "df -h /var"), near(0.8, "df -h /srv"), near(0.1, "du -s /opt")]
    usual = ranking.custom(candidates)
    often, seldom = usual(candidates[0].example), usual(candidates[2].example)
    assert 0 < seldom < often < 1


def test_runbooks_do_not_outvote_runs() -> None:
    run = near(0.9, "docker restart api", "hand-written")
    written = [near(0.9, f"systemctl restart {name}", "documented") for name in ("db", "web", "auth")]
    usual = ranking.custom([run, *written])
    assert usual(run.example) == 1.0
    assert usual(written[0].example) < 1.0


def test_of_two_spellings_the_usual_one_is_suggested() -> None:
    asked = "list the files of the folder /srv"
    spellings = {
        "list the files of the folder /var": "ls -la /var",
        "list all the files of the folder /opt": "ls -la /opt",
        "list each file of the folder /home": "ls -la /home",
        "list the files in the folder /mnt": "sudo find /mnt -maxdepth 1 -print",
    }
    stored = [Candidate(Example(q, q, a), 0.9, 0.9) for q, a in spellings.items()]
    answer = analogy.suggest(asked, stored)
    assert answer is not None
    assert answer.text == "ls -la /srv"
