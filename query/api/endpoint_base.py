"""What all endpoints do at run time, whatever their types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec
from typing_extensions import TypedDict

from ..base.errors import QueryError
from .bodies import Parse
from .endpoint_mutations import ApiMutation, FlatApiMutation, merged_query
from .options import api_options
from .url import get_api_url, path_params


class NoQuery(TypedDict):
    """The query parameters of an endpoint that documents none. Others go into ``extra_query=``."""


class UndocumentedMethodError(QueryError, AttributeError):
    """A method that the endpoint does not have.

    Attributes:
        pattern: The URL pattern.
        method: The method that was asked for.
        methods: Those that it has.
    """

    def __init__(self, pattern: str, method: str, methods: Iterable[str]) -> None:
        self.pattern = pattern
        self.method = method
        self.methods: tuple[str, ...] = tuple(sorted(methods))
        super().__init__(
            f"{pattern!r} has no {method}; the document has {', '.join(self.methods) or 'no method'} for it. If the "
            "backend has it by now, generate the table anew; if its document leaves it out, use a companion table."
        )


class Answer(msgspec.Struct, frozen=True):
    """What a method answers.

    Attributes:
        type: The type, or a ``NamedType``; ``Any`` if nothing is known.
        parse: How to read it; None for JSON.
    """

    type: Any = Any
    parse: Parse | None = None


ANYTHING: Final = Answer()


class AnyEndpoint:
    """What every endpoint is, whatever its types.

    Args:
        pattern: The URL pattern.
        answers: What it answers, by method in capitals; None if not even the methods are known: then none is refused.

    Attributes:
        pattern: The URL pattern, such as ``"/projects/$slug/"``.
        methods: The methods that it has; None if that is not known.
    """

    def __init__(self, pattern: str, answers: Mapping[str, Answer] | None = None) -> None:
        self.pattern: str = pattern
        self.methods: frozenset[str] | None = None if answers is None else frozenset(answers)
        self._answers: Mapping[str, Answer] = {} if answers is None else answers

    def __repr__(self) -> str:
        methods = "" if self.methods is None else f", {sorted(self.methods)}"
        return f"{type(self).__name__}({self.pattern!r}{methods})"

    def _answer(self, method: str) -> Answer:
        if self.methods is not None and method not in self.methods:
            raise UndocumentedMethodError(self.pattern, method, self.methods)
        return self._answers.get(method, ANYTHING)

    def _made(self, make: Any, answer: Answer, given: Any) -> Any:
        query = merged_query(given.pop("query", None), given.pop("extra_query", None))
        # what is given comes last: another way of reading, say
        return make(self.pattern, **{"query": query, "parse": answer.parse, **given})

    def _read(self, **given: Any) -> Any:
        """The options of a query that reads the endpoint, as ``api_options`` makes them.

        Args:
            **given: ``path``, ``query``, ``extra_query``, ``headers``, ``host``, ``parse``, ``validate``, and
                ``stale_time``, which is required.

        Raises:
            UndocumentedMethodError: The endpoint has no GET.
            PathParamError: A *path* that does not fit the URL.
            OptionError: A *stale_time* that is missing, or a value that cannot be right.
        """
        answer = self._answer("GET")
        return self._made(api_options.as_(answer.type), answer, given)

    def _infinite(self, **given: Any) -> Any:
        """The options of an infinite query of it, as ``api_options`` makes them.

        Args:
            **given: ``path``, ``query``, ``extra_query``, ``headers``, ``host``, ``parse``, ``validate``, ``pages``,
                ``max_pages``, and ``stale_time``, which is required.

        Raises:
            UndocumentedMethodError: The endpoint has no GET.
            PathParamError: A *path* that does not fit the URL.
            OptionError: A *stale_time* that is missing, or a value that cannot be right.
        """
        answer = self._answer("GET")
        return self._made(api_options.as_infinite(answer.type), answer, given)

    def _as(self, type_: Any, /) -> Any:
        """The same with another answer to GET; it is believed, unless it is to be checked.

        Args:
            type_: The type of its JSON.

        Raises:
            UndocumentedMethodError: The endpoint has no GET.
        """
        answer = Answer(type_, self._answer("GET").parse)
        return type(self)(self.pattern, None if self.methods is None else {**self._answers, "GET": answer})

    def _url(self, *, path: Any = None) -> str:
        """The URL with the values in it, percent-encoded.

        Args:
            path: Values of its parameters.

        Raises:
            PathParamError: They do not fit the URL.
        """
        return get_api_url(self.pattern, path=path)

    def _writing(self, method: str) -> Any:
        answer = self._answer(method)
        kind: Any = ApiMutation if path_params(self.pattern) else FlatApiMutation
        return kind(self.pattern, method, answer.type, answer.parse)

    if not TYPE_CHECKING:
        # hidden from checkers, which would take every endpoint to have every method; the classes below promise them
        __call__ = _read
        infinite = _infinite
        as_ = _as
        url = _url

        @property
        def post(self) -> Any:
            """Writing by POST."""
            return self._writing("POST")

        @property
        def put(self) -> Any:
            """Writing by PUT."""
            return self._writing("PUT")

        @property
        def patch(self) -> Any:
            """Writing by PATCH."""
            return self._writing("PATCH")

        @property
        def delete(self) -> Any:
            """Writing by DELETE."""
            return self._writing("DELETE")
