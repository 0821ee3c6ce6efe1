"""What happens around each test: a fresh mock client, and an end that loses no error."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest

from . import messages
from .client import MockApiClient
from .errors import MarkerError, UnmatchedRequestError
from .query_client import MakeTestQueryClient

MARKER_OPTIONS = ("base_url", "unmatched", "allow")


class Lifecycle:
    """The client and the factory of one test session, renewed for each test and each Hypothesis example.

    Args:
        config: The session's configuration.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.client = MockApiClient()
        self.make_query_client = MakeTestQueryClient()
        self._defaults: dict[str, Any] = {
            "unmatched": config.getini("mockapi_unmatched") or "fail",
            "allow": tuple(config.getini("mockapi_allow")),
        }

    def begin(self, item: pytest.Item) -> None:
        """Make everything new for a test.

        Args:
            item: The test.

        Raises:
            MarkerError: Its marker has an unknown option, or a value that cannot be.
        """
        self.end()
        try:
            self.client.configure(**{**self._defaults, **marker_options(item)})
        except (TypeError, ValueError) as error:
            if isinstance(error, MarkerError):
                raise
            raise MarkerError(f"@pytest.mark.mockapi on {item.name}: {error}") from None
        self.client.start()

    def end(self) -> None:
        """Forget everything that a test did."""
        self.client.stop()
        self.client.clear_mock_responses()
        self.client.configure(**self._defaults)
        self.make_query_client.close()

    @contextmanager
    def around(self, item: pytest.Item) -> Generator[None, None, None]:
        """Wrap the test's function, inside whatever runs it.

        An async test's query clients must be closed in its own loop; each example of a Hypothesis test gets what is
        registered before the first.

        Args:
            item: The test.
        """
        function = getattr(item, "obj", None)
        handle = getattr(function, "hypothesis", None)
        owner, name = (item, "obj") if handle is None else (handle, "inner_test")
        inner = getattr(owner, name, None)
        if inner is None:
            yield
            return
        setattr(owner, name, self._wrapped(inner, renew=handle is not None))
        try:
            yield
        finally:
            setattr(owner, name, inner)

    def _wrapped(self, inner: Callable[..., Any], *, renew: bool) -> Callable[..., Any]:
        mocks = self.client.mocks

        def before() -> None:
            if renew:
                self.client.keep_only(mocks)

        def after() -> None:
            if renew and self.client.unmatched:
                # this example is the one that failed
                raise self.client.unmatched[0]

        if inspect.iscoroutinefunction(inner):

            @functools.wraps(inner)
            async def wrapped_async(*args: Any, **kwargs: Any) -> Any:
                before()
                try:
                    result = await inner(*args, **kwargs)
                except BaseException:
                    await self._aclose_quietly()
                    raise
                await self.make_query_client.aclose()
                after()
                return result

            return wrapped_async

        @functools.wraps(inner)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            before()
            result = inner(*args, **kwargs)
            self.make_query_client.close()
            after()
            return result

        return wrapped

    async def _aclose_quietly(self) -> None:
        # the test's own failure says more
        with contextlib.suppress(AssertionError):
            await self.make_query_client.aclose()

    def explain(self, error: BaseException) -> None:
        """Add unmatched requests to a test's own failure, unless it is about them.

        Args:
            error: What the test failed with.
        """
        if self.client.unmatched and not _is_about(error, self.client.unmatched):
            error.add_note(messages.swallowed_note(self.client.unmatched))

    def check(self) -> None:
        """Fail a test that passed although a request was not answered.

        Raises:
            pytest.fail.Exception: There was one.
        """
        if self.client.unmatched:
            pytest.fail(messages.swallowed(self.client.unmatched), pytrace=False)


def marker_options(item: pytest.Item) -> dict[str, Any]:
    """The options of the ``mockapi`` markers of module, class and test; the nearest wins.

    Args:
        item: The test.

    Raises:
        MarkerError: An unknown option, or a positional argument.
    """
    merged: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("mockapi"))):
        known = ", ".join(MARKER_OPTIONS)
        if marker.args:
            raise MarkerError(
                f"@pytest.mark.mockapi on {item.name} has the positional argument {marker.args[0]!r}; "
                f"its options are named: {known}."
            )
        for name in marker.kwargs:
            if name not in MARKER_OPTIONS:
                raise MarkerError(f"@pytest.mark.mockapi on {item.name} has no option {name!r}. It knows: {known}.")
        merged.update(marker.kwargs)
    return merged


def _is_about(error: BaseException, unmatched: list[UnmatchedRequestError]) -> bool:
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, UnmatchedRequestError):
            return True
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return False
