"""The model: one question to an OpenAI-compatible endpoint, streamed, with retries, a deadline and a way to stop.

Everything that can go wrong between here and there ends as `ModelError`: one sentence that names the setting to
change. What comes back is looked at before it is used: any field may be missing or of any type.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

from runbook_ls import certificates
from runbook_ls.suggest.endpoint import (
    MOST_SECONDS,
    Cancellation,
    Completion,
    Endpoint,
    Message,
    ModelError,
    TakenBackError,
    check,
    said,
)

LONGEST_ANSWER = 16_000
"""Characters. A command is never that long; reading more would only cost time and memory."""

_ATTEMPTS = 4


def ask(endpoint: Endpoint, key: str, messages: Sequence[Message], cancel: Cancellation) -> Completion:
    """The model's answer. Blocks, at most `endpoint.timeout` seconds; call it from a thread of its own in a server.

    Setting `cancel` closes the connection at once and raises TakenBackError. Raises ModelError.
    """
    check(endpoint)
    return asyncio.run(_cancellable(endpoint, key, messages, cancel))


async def _cancellable(
    endpoint: Endpoint, key: str, messages: Sequence[Message], cancel: Cancellation
) -> Completion:
    loop = asyncio.get_running_loop()
    work = loop.create_task(_with_retries(endpoint, key, messages))
    seconds = min(endpoint.timeout, MOST_SECONDS)
    with cancel.stopping(lambda: _stop(loop, work)):
        done, _ = await asyncio.wait({work}, timeout=seconds)
        if not done:
            work.cancel()
            await asyncio.wait({work})
            raise ModelError(
                f"The model at {said(endpoint.url)} did not answer within {seconds:g} s: raise llm.timeout (30 at "
                "most), or change llm.model or llm.endpoint."
            )
        if work.cancelled():
            raise TakenBackError
        return work.result()


def _stop(loop: asyncio.AbstractEventLoop, work: asyncio.Task[Completion]) -> None:
    loop.call_soon_threadsafe(work.cancel)


async def _with_retries(endpoint: Endpoint, key: str, messages: Sequence[Message]) -> Completion:
    """Ask; again after 429 and server errors, as long as the deadline leaves time for the wait."""
    try:
        import openai
    except ImportError:
        raise ModelError("A model needs the package openai: install runbook-ls[full].") from None
    deadline = time.monotonic() + min(endpoint.timeout, MOST_SECONDS)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return await _once(openai, endpoint, key, messages)
        except openai.APIStatusError as error:
            wait = _wait(error, endpoint.backoff * 2 ** (attempt - 1))
            if wait is None or attempt == _ATTEMPTS or time.monotonic() + wait >= deadline:
                raise _of_status(error, endpoint, attempt, wait) from None
            await asyncio.sleep(wait)
        except openai.APITimeoutError as error:
            setting = "llm.connect_timeout" if _has(error, "ConnectTimeout") else "llm.timeout"
            raise ModelError(
                f"The model at {said(endpoint.url)} did not answer in time: raise {setting}, or change llm.endpoint."
            ) from None
        except openai.APIConnectionError as error:
            raise _of_connection(error, endpoint) from None
        except openai.APIError as error:
            raise ModelError(
                f"The model at {said(endpoint.url)} reported an error in its answer ({said(error.message)}): try "
                "again, or change llm.model."
            ) from None
        except ModelError:
            raise
        except ValueError:
            raise ModelError(
                f"The model at {said(endpoint.url)} sent something that is not JSON: check that llm.endpoint is an "
                "OpenAI-compatible API."
            ) from None
        except (
            Exception
        ) as error:  # what the HTTP library raises in mid-stream is not part of openai's interface
            raise ModelError(
                f"The connection to the model broke off in the middle of its answer ({type(error).__name__}): try "
                f"again, or change llm.endpoint ({said(endpoint.url)})."
            ) from None
    raise AssertionError("unreachable")


async def _once(openai: Any, endpoint: Endpoint, key: str, messages: Sequence[Message]) -> Completion:  # noqa: ANN401
    headers = {name: value.replace("{key}", key) for name, value in endpoint.headers.items()}
    async with openai.AsyncOpenAI(
        api_key=key or "none",  # a local server needs no key, the client insists on one
        base_url=endpoint.url,
        max_retries=0,
        timeout=openai.Timeout(endpoint.timeout, connect=endpoint.connect_timeout),
        default_headers=headers,
        default_query=dict(endpoint.query),
        http_client=openai.DefaultAsyncHttpxClient(verify=certificates.trusted()),
    ) as client:
        stream = await client.chat.completions.create(
            model=endpoint.model,
            messages=[{"role": message.role, "content": message.text} for message in messages],
            stream=True,
            stream_options={"include_usage": True},
            extra_body=dict(endpoint.body),
        )
        async with stream:
            kind = str(stream.response.headers.get("content-type", "")).split(";")[0].strip().lower()
            if kind == "application/json":  # a server that does not stream
                return _whole(json.loads(await _bounded(stream.response)), endpoint)
            if kind not in ("text/event-stream", ""):
                raise ModelError(
                    f"{said(endpoint.url)} answered with {said(kind)}, not with a model's answer: check llm.endpoint; "
                    "most end in /v1."
                )
            return await _read(stream, endpoint)


async def _bounded(response: Any) -> bytes:  # noqa: ANN401
    parts, size = [], 0
    async for part in response.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > 8 * LONGEST_ANSWER:
            break
    return b"".join(parts)


async def _read(stream: Any, endpoint: Endpoint) -> Completion:  # noqa: ANN401
    parts: list[str] = []
    size, finish, refusal, usage, seen = 0, "", "", (0, 0), False
    async for chunk in stream:
        usage = _usage(_field(chunk, "usage")) or usage
        choices = _field(chunk, "choices")
        if not isinstance(choices, Sequence) or isinstance(choices, str) or not choices:
            continue
        seen = True
        delta = _field(choices[0], "delta")
        text = _text(_field(delta, "content"))
        parts.append(text)
        size += len(text)
        refusal += _text(_field(delta, "refusal"))
        finish = _text(_field(choices[0], "finish_reason")) or finish
        if _rambles("".join(parts)):  # leaving ends the connection, and with it the cost
            return Completion("".join(parts), "stop", refusal, *usage)
        if size > LONGEST_ANSWER:
            return Completion("".join(parts)[:LONGEST_ANSWER], finish, refusal, *usage, cut=True)
    if not seen:
        raise _nothing(endpoint)
    return Completion("".join(parts), finish, refusal, *usage)


_SHELL_BLOCK = re.compile(
    r"^(`{3,}|~{3,})(?:sh|bash|shell|zsh)\b[^\n]*\n.*?\S.*?^\1[ \t]*$", re.DOTALL | re.MULTILINE
)
_ENOUGH_PROSE = 400  # characters


def _rambles(text: str) -> bool:
    """True once a model goes on and on behind a whole block of shell: small local ones do."""
    end = text.rfind("\n```") if "```" in text else text.rfind("\n~~~")
    if end < 0 or len(text) - end < _ENOUGH_PROSE:
        return False
    block = _SHELL_BLOCK.search(text)
    return block is not None and len(text) - block.end() >= _ENOUGH_PROSE


def _whole(answer: object, endpoint: Endpoint) -> Completion:
    choices = _field(answer, "choices")
    if not isinstance(choices, list) or not choices:
        raise _nothing(endpoint)
    message = _field(choices[0], "message")
    text = _text(_field(message, "content"))
    return Completion(
        text[:LONGEST_ANSWER],
        _text(_field(choices[0], "finish_reason")),
        _text(_field(message, "refusal")),
        *(_usage(_field(answer, "usage")) or (0, 0)),
        cut=len(text) > LONGEST_ANSWER,
    )


def _nothing(endpoint: Endpoint) -> ModelError:
    return ModelError(
        f"The model at {said(endpoint.url)} sent an answer without choices: check llm.model "
        f"({said(endpoint.model)}) and llm.endpoint."
    )


def _field(of: object, name: str) -> object:
    """A field of JSON, or of what the client made of it; None if there is none."""
    return of.get(name) if isinstance(of, Mapping) else getattr(of, name, None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _usage(value: object) -> tuple[int, int] | None:
    counts = (_field(value, "prompt_tokens"), _field(value, "completion_tokens"))
    prompt, completion = (
        n if isinstance(n, int) and not isinstance(n, bool) and n >= 0 else 0 for n in counts
    )
    return (prompt, completion) if value is not None else None


def _wait(error: Any, otherwise: float) -> float | None:  # noqa: ANN401
    """Seconds until it may be asked again: what `Retry-After` says, else a growing, uneven pause. None: never."""
    status = error.status_code
    if error.code == "insufficient_quota" or not (status in (408, 429) or status >= 500):
        return None
    return _retry_after(error.response.headers.get("retry-after")) or otherwise * random.uniform(0.75, 1.25)  # noqa: S311


def _retry_after(value: str | None) -> float | None:
    """The header's seconds, or the seconds until its date (RFC 9110, 10.2.3)."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def _of_status(error: Any, endpoint: Endpoint, attempts: int, wait: float | None) -> ModelError:  # noqa: ANN401
    status, where = error.status_code, said(endpoint.url)
    times = f" {attempts} times" if attempts > 1 else ""
    if status in (401, 403):
        return ModelError(
            f"{where} refused the key ({status}): check the key from {endpoint.key_from}.", refused_key=True
        )
    if status == 404:
        return ModelError(
            f'{where} does not know the model "{said(endpoint.model)}" (404): check llm.model, and llm.endpoint; '
            "most end in /v1."
        )
    if status == 429 and wait is None:
        return ModelError(
            f"{where} says that your quota is used up (429): see your account, or change llm.endpoint."
        )
    if status == 429:
        asked = _retry_after(error.response.headers.get("retry-after"))
        pause = f"; it asks to wait for {asked:.0f} s" if asked else ""
        return ModelError(
            f"{where} limited the requests{times} (429){pause}: try later, or change llm.model or llm.endpoint."
        )
    if status >= 500:
        return ModelError(f"{where} failed{times} ({status}): try later, or change llm.endpoint.")
    return ModelError(
        f"{where} refused the request ({status}: {said(error.message)}): check llm.model, llm.body and llm.query."
    )


def _of_connection(error: BaseException, endpoint: Endpoint) -> ModelError:
    where = said(endpoint.url)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError) or "CERTIFICATE" in str(cause) or "SSL" in str(cause):
            return ModelError(
                f"The connection to {where} is not secure ({said(str(cause))}): add its authority to what the system "
                "trusts or to SSL_CERT_FILE, or correct llm.endpoint."
            )
    if _has(error, "ConnectionResetError") or _has(error, "ReadError"):
        return ModelError(
            f"The connection to {where} broke off in the middle of its answer: try again, or change llm.endpoint."
        )
    reason = next((str(c) for c in _causes(error) if isinstance(c, OSError) and str(c)), "") or str(error)
    return ModelError(
        f"{where} cannot be reached ({said(reason)}): is it running? Else correct llm.endpoint."
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The causes of an error, the innermost first."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return reversed(chain)


def _has(error: BaseException, name: str) -> bool:
    return any(type(cause).__name__ == name for cause in _causes(error))
