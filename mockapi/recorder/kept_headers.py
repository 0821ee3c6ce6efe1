"""Which headers of a real response a mock needs: those that a program may read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from .exchange import Pairs

# what servers, proxies and browsers tell each other; it changes with each answer, or no client of an API reads it
_NOISE = re.compile(
    r"date|server|connection|keep-alive|transfer-encoding|content-length|vary|via|age|expires|pragma|cache-control"
    r"|accept-ranges|alt-svc|nel|report-to|reporting-endpoints|server-timing|timing-allow-origin|trailer|upgrade|p3p"
    r"|strict-transport-security|expect-ct|content-security-policy.*|permissions-policy|referrer-policy|feature-policy"
    r"|origin-agent-cluster|cross-origin-.*|access-control-.*|x-frame-options|x-content-type-options|x-xss-protection"
    r"|x-download-options|x-permitted-cross-domain-policies|x-dns-prefetch-control|x-robots-tag|x-ua-compatible"
    r"|x-powered-by|x-generator|x-aspnet.*|x-runtime|x-response-time|x-process-time|x-served-by|x-timer|x-backend.*"
    r"|x-varnish|x-cache.*|x-proxy-.*|x-envoy-.*|x-cloud-trace-context|x-request-id|x-correlation-id|x-trace-id"
    r"|x-amz-.*|x-amzn-.*|x-goog-.*|x-guploader-.*|x-azure-ref|x-ms-.*|x-msedge-ref|x-github-request-id|x-vercel-.*"
    r"|x-fastly-.*|x-nf-.*|fly-request-id|cf-.*|traceparent|tracestate|b3|x-b3-.*|http2-settings|proxy-.*|:.*"
)
# a count that falls with each request would make every answer another one; it matters when it has run out
_LIMITS = re.compile(r"(x-)?rate-?limit.*")
_LIMITED = (403, 429, 503)


def kept_headers(
    headers: Pairs, *, status_code: int, method: str, implied_type: str | None, has_body: bool, keep: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """The headers that a mock gets.

    Args:
        headers: Those of the response, names in lower case.
        status_code: Its status.
        method: That of the request.
        implied_type: The content type that the mock's body has by itself; None for none.
        has_body: Whether there is a body, or would be if it had not been a HEAD request.
        keep: Further names to keep; ``*`` stands for anything.
    """
    found: list[tuple[str, str]] = []
    for name, value in headers:
        if name == "content-type":
            if not has_body or (implied_type is not None and _same_type(value, implied_type)):
                continue
        elif name == "content-length":
            if method != "HEAD":
                continue
        elif any(fnmatchcase(name, kept.lower()) for kept in keep):
            pass
        elif _NOISE.fullmatch(name) or (_LIMITS.fullmatch(name) and status_code not in _LIMITED):
            continue
        found.append((name, value))
    return found


def _same_type(one: str, other: str) -> bool:
    return _normal(one) == _normal(other)


def _normal(content_type: str) -> list[str]:
    parts = [part.strip().lower().replace('"', "") for part in content_type.split(";")]
    # JSON is UTF-8 anyway
    return [part for part in parts if part and not (parts[0] == "application/json" and part == "charset=utf-8")]
