"""Whether a model is asked, as the settings and the environment say."""

from __future__ import annotations

import pytest

from runbook_ls.config import model
from runbook_ls.config.settings import Settings
from runbook_ls.config.trust import Trust

HERE = Settings(llm_endpoint="https://llm.example.org:8443/v1", llm_model="tiny")


@pytest.mark.parametrize(
    ("settings", "trust", "environment", "mode"),
    [
        (Settings(), Trust.TRUSTED, {}, "never"),
        (HERE, Trust.TRUSTED, {}, "fallback"),
        (HERE, Trust.UNKNOWN, {}, "fallback"),
        (HERE, Trust.UNTRUSTED, {}, "never"),
        (HERE, Trust.TRUSTED, {"RUNBOOK_LS_LLM": "off"}, "never"),
        (Settings(), Trust.TRUSTED, {"OPENAI_API_KEY": "k"}, "fallback"),
        (Settings(), Trust.TRUSTED, {"RUNBOOK_LS_LLM": "always"}, "always"),
        (Settings(llm_endpoint="http://x", suggest_llm="never"), Trust.TRUSTED, {}, "never"),
    ],
)
def test_when_the_model_is_asked(
    settings: Settings,
    trust: Trust,
    environment: dict[str, str],
    mode: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("RUNBOOK_LS_LLM", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert model.mode(settings, trust) == mode
