"""The embedder at an OpenAI-compatible endpoint. What is embedded leaves this machine: only who configured it has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runbook_ls import certificates
from runbook_ls.shell.secrets import redact
from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    from runbook_ls.memory.embedder import Vectors

_TEXTS_A_REQUEST = 128


@dataclass(frozen=True, slots=True)
class Remote:
    """Where vectors are made, and by which model. `key` is asked when it is needed, and may raise RunbookError;
    `{key}` in a header stands for it. `timeout` is in seconds, for one request."""

    url: str
    model: str
    key: Callable[[], str] = lambda: ""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, object] = field(default_factory=dict)
    timeout: float = 10.0

    def message(self) -> dict[str, Any]:
        """All of it as JSON, the key included: for a pipe, never for a file or a command line."""
        return {
            "url": self.url,
            "model": self.model,
            "key": self.key(),
            "headers": dict(self.headers),
            "query": dict(self.query),
            "timeout": self.timeout,
        }


def of_message(message: Mapping[str, Any]) -> Remote:
    """What `Remote.message` made."""
    return Remote(**{**message, "key": lambda: str(message["key"])})


class RemoteEmbedder:
    """Asks the endpoint. Secrets are taken out of every text before it is sent."""

    def __init__(self, remote: Remote) -> None:
        """Asks for one vector, to know how long they are. Raises RunbookError if none comes."""
        self._remote = remote
        self._client = _client(remote)
        self.name = f"openai:{remote.model}"
        self.dimension = 0
        self.dimension = self.embed(["restart the service"]).shape[1]

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        rows: list[Sequence[float]] = []
        for start in range(0, len(texts), _TEXTS_A_REQUEST):
            rows += self._request(
                [redact(text).text or " " for text in texts[start : start + _TEXTS_A_REQUEST]]
            )
        vectors: Vectors = np.asarray(rows, np.float32).reshape(len(texts), -1)
        if self.dimension and texts and vectors.shape[1] != self.dimension:
            raise self._error(f"its vectors have {vectors.shape[1]} dimensions, and had {self.dimension}")
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.where(lengths == 0, 1, lengths)
        return vectors

    def _request(self, texts: Sequence[str]) -> list[Sequence[float]]:
        import openai

        try:
            answer = self._client.embeddings.create(
                model=self._remote.model, input=list(texts), encoding_format="float"
            )
            rows = [each.embedding for each in sorted(answer.data, key=lambda each: each.index)]
            if len(rows) == len(texts) and len({len(row) for row in rows}) == 1 and _are_numbers(rows):
                return rows
        except openai.APIStatusError as error:
            raise self._error(f"it answered {error.status_code}") from None
        except openai.APITimeoutError:
            raise self._error(f"it did not answer within {self._remote.timeout:g} s") from None
        except openai.APIConnectionError as error:
            raise self._error(str(error.__cause__ or error)) from None
        except (openai.OpenAIError, AttributeError, TypeError, ValueError):
            pass  # any field may be missing, or of any type
        raise self._error("what it sent is no list of vectors")

    def _error(self, why: str) -> RunbookError:
        return RunbookError(
            f"no vectors from {redact(self._remote.url).text} ({redact(why).text[:200]}); check llm.endpoint, its key, "
            f'and memory.embedding_model ("{self._remote.model}")'
        )


def _are_numbers(rows: Sequence[object]) -> bool:
    return all(isinstance(row, list) and all(isinstance(value, int | float) for value in row) for row in rows)


def _client(remote: Remote) -> Any:  # noqa: ANN401  openai is imported only where it is asked for
    try:
        import openai
    except ImportError:
        raise RunbookError("openai is not installed; install runbook-ls[full]") from None
    key = remote.key()
    return openai.OpenAI(
        api_key=key or "none",  # a local server needs no key, the client insists on one
        base_url=remote.url,
        timeout=remote.timeout,
        max_retries=1,
        default_headers={name: value.replace("{key}", key) for name, value in remote.headers.items()},
        default_query=dict(remote.query),
        http_client=openai.DefaultHttpxClient(verify=certificates.trusted()),
    )
