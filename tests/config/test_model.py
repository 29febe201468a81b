"""Which model is asked, as the settings and the environment say, and what of it is shown."""

from __future__ import annotations

import pytest

from runbook_ls.config import model
from runbook_ls.config.settings import Settings
from runbook_ls.config.trust import Trust

HERE = Settings(llm_endpoint="https://me:hunter2@llm.example.org:8443/v1", llm_model="tiny")


@pytest.mark.parametrize(
    ("settings", "trust", "environment", "told"),
    [
        (Settings(), Trust.TRUSTED, {}, ""),
        (HERE, Trust.TRUSTED, {}, "tiny at llm.example.org"),
        (HERE, Trust.UNKNOWN, {}, "tiny at llm.example.org"),
        (HERE, Trust.UNTRUSTED, {}, ""),
        (HERE, Trust.TRUSTED, {"RUNBOOK_LS_LLM": "off"}, ""),
        (Settings(llm_model="m"), Trust.TRUSTED, {"OPENAI_API_KEY": "k"}, "m at api.openai.com"),
        (Settings(llm_model="m"), Trust.TRUSTED, {"RUNBOOK_LS_LLM": "always"}, ""),
        (Settings(llm_endpoint="http://[", llm_model="m"), Trust.TRUSTED, {}, "m"),
        (Settings(llm_endpoint="http://x", suggest_llm="never"), Trust.TRUSTED, {}, ""),
    ],
)
def test_the_model_by_name(
    settings: Settings,
    trust: Trust,
    environment: dict[str, str],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("RUNBOOK_LS_LLM", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert model.named(settings, trust) == told
