"""The options of a mock client, checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Literal, Protocol, TypeAlias, TypedDict

import msgspec

from query.base.types import Duration

from .answers import PreparedAnswer, checked_delay
from .bodies import prepare
from .contract import Contract

Unmatched: TypeAlias = Literal["fail", "abort", "connect_error", "pass"]
Unused: TypeAlias = Literal["ignore", "warn", "fail"]
Level: TypeAlias = Literal["transport", "client", "httpcore"]

_UNMATCHED = ("fail", "abort", "connect_error", "pass")
_UNUSED = ("ignore", "warn", "fail")
_LEVELS = ("transport", "client", "httpcore")


class ResponseLike(Protocol):
    """A response of httpx or httpx2."""

    @property
    def is_success(self) -> bool:
        """Whether its status is one of success."""
        ...

    def read(self) -> bytes:
        """Its body."""
        ...


class ClientOptions(TypedDict, total=False):
    """What a mock client may be told.

    Attributes:
        base_url: Where paths belong, such as "https://api.test"; by default a path means that path on any host.
        unmatched: What happens to a request that nothing answers: "fail" (raise, and fail the test even if the program
            swallows that), "abort" (the same with a BaseException, for programs that catch every Exception),
            "connect_error" (the same with the caller's own ConnectError), "pass" (send it for real); or a response, or
            a function of the request that makes a body, which then is the answer and fails nothing.
        unused: What happens at the end of a test when a mock was not called: "ignore", "warn" or "fail".
        allow: Hosts whose requests are sent for real: names, or regular expressions for them.
        async_delay: Seconds, or a timedelta, before each answer to an async caller that has no delay of its own.
        real_time: Whether a sync caller waits for a delay too, asleep. By default it does not wait.
        level: Where requests are caught: at the "transport" that would use the network, or at the "client", before any
            transport, also one of its own such as an app's; or also at the connection pools of "httpcore", for programs
            that use those without httpx.
        block_network: Whether every other way to the network is closed while the client is active.
        openapi: The OpenAPI description that mocks, requests and answers must keep to: a path of JSON or YAML, the
            description as a dict, or what ``load_description`` gave. Needs the extra "openapi".
    """

    base_url: str | None
    unmatched: Unmatched | ResponseLike | Callable[[Any], Any]
    unused: Unused
    allow: Iterable[str | re.Pattern[str]]
    async_delay: Duration | None
    real_time: bool
    level: Level
    block_network: bool
    openapi: Any


class CheckedOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options, checked; see ``ClientOptions``.

    Attributes:
        base_url: Where paths belong.
        unmatched: What happens to a request that nothing answers; "answer" if *fallback* answers it.
        fallback: The answer to it.
        unused: What happens when a mock was not called.
        allow: Hosts whose requests are sent for real.
        async_delay: Seconds.
        real_time: Whether sync callers wait for delays.
        level: Where requests are caught.
        block_network: Whether other ways to the network are closed.
        contract: What mocks, requests and answers must keep to.
    """

    base_url: str | None = None
    unmatched: Literal["fail", "abort", "connect_error", "pass", "answer"] = "fail"
    fallback: PreparedAnswer | None = None
    unused: Unused = "ignore"
    allow: tuple[str | re.Pattern[str], ...] = ()
    async_delay: float | None = None
    real_time: bool = False
    level: Level = "transport"
    block_network: bool = False
    contract: Contract | None = None


def checked_options(options: ClientOptions) -> CheckedOptions:
    """The options, with defaults for those not given.

    Args:
        options: What was given.

    Raises:
        ValueError: An option's value that means nothing, a *base_url* without a scheme, or a delay that cannot be.
        TypeError: An option that there is not, or an *allow* that is a single str.
        DescriptionError: An *openapi* that cannot be used.
        MissingExtraError: The extra "openapi" is not installed.
    """
    given: dict[str, Any] = dict(options)
    known = ClientOptions.__optional_keys__
    for name in given:
        if name not in known:
            raise TypeError(f"a mock client has no option {name!r}. It knows: {', '.join(sorted(known))}.")
    unmatched = given.get("unmatched", "fail")
    if isinstance(unmatched, str) or unmatched is None:
        _one_of("unmatched", unmatched, _UNMATCHED, ("a response", "a function of the request"))
    else:
        given["fallback"] = PreparedAnswer(body=_fallback(unmatched))
        given["unmatched"] = "answer"
    _one_of("unused", given.get("unused", "ignore"), _UNUSED)
    _one_of("level", given.get("level", "transport"), _LEVELS)
    for name in ("real_time", "block_network"):
        if not isinstance(given.get(name, False), bool):
            raise ValueError(f"{name}={given[name]!r} means nothing; expected True or False.")
    base_url = given.get("base_url")
    if base_url is not None and "://" not in base_url:
        raise ValueError(f"base_url={base_url!r} has no scheme; expected one such as 'https://{base_url}'.")
    allow = given.get("allow", ())
    if isinstance(allow, str):
        raise TypeError(f"allow={allow!r} is a single str; expected a list of hosts: allow=[{allow!r}].")
    given["allow"] = tuple(allow)
    given["async_delay"] = checked_delay(given.get("async_delay"))
    openapi = given.pop("openapi", None)
    if openapi is not None:
        from .openapi.checking import OpenApiContract

        given["contract"] = OpenApiContract.of(openapi, base_url)
    return CheckedOptions(**given)


def _one_of(name: str, value: object, values: tuple[str, ...], also: tuple[str, ...] = ()) -> None:
    if value not in values:
        texts = [f'"{one}"' for one in values]
        texts += also
        raise ValueError(f"{name}={value!r} means nothing; expected {', '.join(texts[:-1])} or {texts[-1]}.")


def _fallback(unmatched: Any) -> Any:
    name = type(unmatched).__name__
    if name != "Response" and not callable(unmatched):
        raise ValueError(
            f"unmatched={unmatched!r} means nothing; expected one of {', '.join(_UNMATCHED)}, a response of httpx or "
            "httpx2, or a function of the request."
        )
    return prepare(unmatched)
