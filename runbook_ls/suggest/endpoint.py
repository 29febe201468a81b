"""Where a model is, what is said to it and by it, and how a question ends: the values of the model path."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from runbook_ls.shell.invisible import escape
from runbook_ls.shell.secrets import redact
from runbook_ls.values import RunbookError

MOST_SECONDS = 30.0
"""For one answer, retries included."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is and how it is asked. Times are in seconds; `backoff` is the first wait before a retry.

    `key_from` says where the key comes from, for messages. `{key}` in a header stands for the key.
    """

    url: str
    model: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, object] = field(default_factory=dict)
    body: Mapping[str, object] = field(default_factory=dict)
    key_from: str = "llm.key_env"
    connect_timeout: float = 5.0
    timeout: float = MOST_SECONDS
    backoff: float = 0.5


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation: `role` is `system`, `user` or `assistant`."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model said. `finish_reason` is the endpoint's word (`stop`, `length`, `content_filter`), "" if it
    said none. Tokens are 0 where it did not count them. `cut`: there was more than we read."""

    text: str
    finish_reason: str = ""
    refusal: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cut: bool = False


class ModelError(RunbookError):
    """The model gave no answer. `refused_key`: another key may help."""

    def __init__(self, message: str, *, refused_key: bool = False) -> None:
        super().__init__(message)
        self.refused_key = refused_key


class TakenBackError(Exception):
    """The question was taken back."""


class Cancellation:
    """Takes a question back, from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stops: list[Callable[[], None]] = []
        self._is_set = False

    @property
    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        """Stop what goes on, and whatever would begin after this."""
        with self._lock:
            self._is_set = True
            for stop in self._stops:
                stop()

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """While the block runs, `set` calls `stop`; at once if it was set before."""
        with self._lock:
            if self._is_set:
                stop()
            self._stops.append(stop)
        try:
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)


def check(endpoint: Endpoint) -> None:
    """Raises ModelError if the endpoint cannot be one."""
    try:
        parts = urlsplit(endpoint.url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound or any(c.isspace() for c in endpoint.url):
        raise ModelError(
            f'llm.endpoint is "{said(endpoint.url)}", which is no URL: it begins with http:// or https:// and '
            "names a host, as in http://127.0.0.1:11434/v1."
        )
    if not endpoint.model.strip():
        raise ModelError("llm.model is empty: name a model that the server has.")


def said(text: str) -> str:
    """What someone else said, as it can be shown: short, on one line, without secrets and hidden characters."""
    text = escape(" ".join(redact(text).text.split()))
    return text if len(text) <= 200 else text[:199] + "…"
