"""The analogy generator: taught pairs, adapted to a new intent. No network, no model.

    taught   fetch the logs for the image vscode-ext  →  … image="vscode-ext"
    asked    show the logs for the image caribou      →  … image="caribou"

Each candidate is adapted (`adapting.py`: slots found, filled, written back), the evidence for each is weighed
(`ranking.py`), and the likeliest text is the suggestion, if it is likely enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from runbook_ls.memory.examples import Candidate
from runbook_ls.suggest import ranking
from runbook_ls.suggest.alignment import clash
from runbook_ls.suggest.adapting import Adaptation, adapt, filled_slots, undecided, vocabulary
from runbook_ls.suggest.sentence import parts
from runbook_ls.suggest.suggestion import Suggestion

_CONSIDERED = 24  # the candidates come best first; what memory ranks lower has not been worth its time


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
    common, rare = vocabulary(considered), ranking.rarity(considered)
    groups: dict[str, list[tuple[float, Adaptation]]] = {}
    for candidate in considered:
        adapted = adapt(intent, candidate, common)
        score = ranking.score(ranking.weigh(adapted, rare))
        groups.setdefault(_spelling(adapted.text), []).append((score, adapted))
    ranked = sorted(((_together(group), group) for group in groups.values()), key=lambda pair: -pair[0])
    everything = sum(math.exp(total) for total, _ in ranked)
    out: list[Suggestion] = []
    for total, group in ranked[:limit]:
        if ranking.fits(total, len(considered)):
            confidence = ranking.confidence(total, math.exp(total) / everything)
            group.sort(key=lambda pair: -pair[0])
            out.append(_suggestion(group[0][1], considered, confidence, [a.candidate for _, a in group]))
    return out


def _spelling(text: str) -> str:
    """The same for texts that differ in blanks and the style of quotes only."""
    return " ".join(text.replace("'", '"').split())


def _together(group: Sequence[tuple[float, Adaptation]]) -> float:
    return math.log(sum(math.exp(score) for score, _ in group))


def _suggestion(
    best: Adaptation, considered: Sequence[Candidate], confidence: float, behind: Sequence[Candidate]
) -> Suggestion:
    command = best.candidate.example.command
    return Suggestion(
        best.text,
        "analogy",
        round(confidence, 4),
        tuple(candidate.example.id for candidate in behind),
        filled_slots(command, undecided(best, considered)),
        best.unused,
    )
