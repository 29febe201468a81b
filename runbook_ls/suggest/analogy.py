"""The analogy generator: taught pairs, adapted to a new intent. No network, no model.

    taught   fetch the logs for the image vscode-ext  →  … image="vscode-ext"
    asked    show the logs for the image caribou      →  … image="caribou"

Each candidate is adapted (`adapting.py`: slots found, filled, written back), the evidence for each is weighed
(`ranking.py`), and the likeliest text is the suggestion, if it is likely enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from runbook_ls.memory.examples import Candidate
from runbook_ls.suggest import ranking
from runbook_ls.suggest.adapting import Adaptation, adapt, filled_slots, undecided, vocabulary
from runbook_ls.suggest.alignment import clash
from runbook_ls.suggest.outdated import outdated
from runbook_ls.suggest.sentence import parts
from runbook_ls.suggest.suggestion import Suggestion

_CONSIDERED = 16  # the candidates come best first; on the open cases 24 or 64 give no more right answers


def suggest(intent: str, candidates: Sequence[Candidate]) -> Suggestion | None:
    """The best suggestion for `intent`, None if nothing among `candidates` fits well enough."""
    found = suggestions(intent, candidates, limit=1)
    return found[0] if found else None


def suggestions(intent: str, candidates: Sequence[Candidate], limit: int) -> list[Suggestion]:
    """Up to `limit` suggestions with different texts, best first; empty means: abstain.

    `candidates` come best first. Examples that lead to the same text support each other. Confidence is the
    calibrated probability that the text is right as it stands.
    """
    asked = parts(intent)
    considered = [c for c in candidates[:_CONSIDERED] if not clash(parts(c.example.intent), asked)]
    old = outdated(intent, considered)
    common, rare = vocabulary(considered), ranking.rarity(considered)
    usual = ranking.custom([c for c in considered if c.example.id not in old])
    groups: dict[str, list[_Weighed]] = {}
    for candidate in considered:
        adapted = adapt(intent, candidate, common)
        evidence = ranking.weigh(adapted, rare, usual, old)
        weighed = _Weighed(ranking.score(evidence), evidence, adapted)
        groups.setdefault(_spelling(adapted.text), []).append(weighed)
    totals = {text: sum(math.exp(each.score) for each in group) for text, group in groups.items()}
    everything = sum(totals.values())
    out: list[Suggestion] = []
    for text in sorted(totals, key=lambda text: -totals[text])[:limit]:
        group = sorted(groups[text], key=lambda each: -each.score)
        related = ranking.related(group[0].evidence, len(considered))
        confidence = ranking.confidence(math.log(totals[text]), totals[text] / everything)
        if related >= ranking.RELATED_AT_LEAST:
            out.append(_suggestion([each.adapted for each in group], considered, confidence))
    return out


class _Weighed(NamedTuple):
    score: float
    evidence: ranking.Evidence
    adapted: Adaptation


def _spelling(text: str) -> str:
    """The same for texts that differ in blanks and the style of quotes only."""
    return " ".join(text.replace("'", '"').split())


def _suggestion(
    alike: Sequence[Adaptation], considered: Sequence[Candidate], confidence: float
) -> Suggestion:
    best = alike[0]
    return Suggestion(
        best.text,
        "analogy",
        round(confidence, 4),
        tuple(adapted.candidate.example.id for adapted in alike),
        filled_slots(best.candidate.example.command, undecided(best, considered)),
        best.unused,
    )
