"""Whether a model is asked, and where it is, as far as the settings and the environment say."""

from __future__ import annotations

import os
from typing import Literal, cast

from runbook_ls.config.settings import Settings
from runbook_ls.config.trust import Trust

Mode = Literal["fallback", "always", "never"]

OPENAI = "https://api.openai.com/v1"


def is_configured(settings: Settings) -> bool:
    """Whether the user has said where a model is: an endpoint, or a key, which is OpenAI's."""
    environment = ("OPENAI_BASE_URL", "OPENAI_API_KEY", settings.llm_key_env)
    return bool(
        settings.llm_endpoint
        or settings.llm_key_command
        or any(os.environ.get(name) for name in environment if name)
    )


def mode(settings: Settings, trust: Trust) -> Mode:
    """When the model is asked: `never` also where none is configured, where the workspace is not trusted, and where
    `RUNBOOK_LS_LLM=off` says so. Who says `always` and configured none is told what is missing."""
    said = os.environ.get("RUNBOOK_LS_LLM", "").strip().lower()
    if said == "off" or trust is Trust.UNTRUSTED or settings.suggest_llm == "never":
        return "never"
    wanted = cast(Mode, said) if said in ("fallback", "always") else settings.suggest_llm
    return wanted if wanted == "always" or is_configured(settings) else "never"


def address(settings: Settings) -> str:
    """The base URL of the model's server."""
    return settings.llm_endpoint or os.environ.get("OPENAI_BASE_URL", "") or OPENAI
