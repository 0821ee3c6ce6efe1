"""Function vocabulary: {"$fn": NAME, "args": [...]} -> a function. oracle/functions.mjs holds the twins."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from .driver_protocol import Driver


def number(value: Any) -> Any:
    """A duration or number of a scenario: "inf" is infinity, all else stands for itself."""
    return math.inf if value == "inf" else value


def is_undefined_spec(value: Any) -> bool:
    """Whether a scenario's value means "no value"."""
    return isinstance(value, dict) and value.get("$undefined") is True


class Functions:
    """Makes the functions that scenarios name. Both sides compute the same from the same JSON.

    Args:
        driver: Knows what queries look like, and what "no value" is.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._table: dict[str, Callable[..., Callable[..., Any]]] = {name: getattr(self, f"_{name}") for name in NAMES}

    def make(self, name: str, args: list[Any]) -> Callable[..., Any]:
        """The function of this name and these arguments."""
        return self._table[name](*args)

    def value(self, value: Any) -> Any:
        """A value of a scenario as Python sees it."""
        if isinstance(value, dict) and "$pages" in value:
            return self._driver.infinite_data(value["$pages"], value["params"])
        return self._driver.undefined if is_undefined_spec(value) else value

    def _field(self, data: Any, field: str) -> Any:
        data = self._driver.records[type(data)](data) if type(data) in self._driver.records else data
        return data.get(field, self._driver.undefined) if isinstance(data, dict) else self._driver.undefined

    # select(data)

    def _get(self, field: str) -> Callable[..., Any]:
        return lambda data: self._field(data, field)

    def _wrap(self, field: str) -> Callable[..., Any]:
        return lambda data: {field: data}

    def _throw_if(self, field: str, unwanted: Any) -> Callable[..., Any]:
        def select(data: Any) -> Any:
            if self._field(data, field) == unwanted:
                raise Exception(f"select {field}={json.dumps(unwanted)}")
            return data

        return select

    def _throw_on_pages(self, count: int) -> Callable[..., Any]:
        def select(data: Any) -> Any:
            if len(self._pages(data)[0]) == count:
                raise Exception(f"select {count} pages")
            return data

        return select

    # anything

    def _const(self, value: Any) -> Callable[..., Any]:
        return lambda *_: self.value(value)

    # updater(old)

    def _inc(self, field: str) -> Callable[..., Any]:
        def update(old: Any) -> Any:
            base = dict(old) if isinstance(old, dict) else {}
            count = base.get(field)
            return {**base, field: (0 if count is None else count) + 1}

        return update

    def _append(self, item: Any) -> Callable[..., Any]:
        return lambda old: [*(old if isinstance(old, list) else []), item]

    def _keep(self) -> Callable[..., Any]:
        return lambda old: old

    def _nothing(self) -> Callable[..., Any]:
        return lambda *_: self._driver.undefined

    def _pages(self, data: Any) -> tuple[list[Any], list[Any]]:
        record = self._driver.records[type(data)](data)
        return record["pages"], record["page_params"]

    def _drop_page(self, index: int) -> Callable[..., Any]:
        def update(old: Any) -> Any:
            if old is self._driver.undefined:
                return old
            pages, params = map(list, self._pages(old))
            if pages:
                del pages[index], params[index]
            return self._driver.infinite_data(pages, params)

        return update

    def _inc_pages(self, field: str) -> Callable[..., Any]:
        def update(old: Any) -> Any:
            if old is self._driver.undefined:
                return old
            pages, params = self._pages(old)
            return self._driver.infinite_data([self._inc(field)(page) for page in pages], params)

        return update

    # reducer(data, chunk) of a stream

    def _tally(self) -> Callable[..., Any]:
        def count(data: Any, chunk: Any) -> Any:
            base = dict(data) if isinstance(data, dict) else {}
            return {**base, "n": base.get("n", 0) + 1, "last": chunk}

        return count

    # (query) -> value

    def _no_data(self) -> Callable[..., Any]:
        return lambda query: self._driver.query_data(query) is self._driver.undefined

    def _by_parity(self, even: Any, odd: Any) -> Callable[..., Any]:
        return lambda query: number(even if self._driver.query_update_count(query) % 2 == 0 else odd)

    def _until_count(self, count: int, value: Any) -> Callable[..., Any]:
        return lambda query: number(value) if self._driver.query_update_count(query) < count else False

    # retry(failure_count, error)

    def _retry_while(self, count: int) -> Callable[..., Any]:
        return lambda failure_count, _: failure_count < count

    def _retry_if(self, message: str) -> Callable[..., Any]:
        return lambda failure_count, error: failure_count < 10 and self._driver.error_name(error) == message

    # retry_delay(failure_count, error)

    def _linear(self, step: float) -> Callable[..., Any]:
        return lambda failure_count, _: step * (failure_count + 1)

    def _exponential(self, base: float, top: float) -> Callable[..., Any]:
        return lambda failure_count, _: min(base * 2**failure_count, top)

    # placeholder_data(previous_data, previous_query)

    def _keep_previous(self) -> Callable[..., Any]:
        return self._driver.keep_previous_data

    # page params(page, pages, param, params)

    def _next_until(self, last: int, step: int = 1) -> Callable[..., Any]:
        return lambda _page, _pages, param, _params: (param or 0) + step if (param or 0) + step <= last else None

    def _prev_until(self, first: int, step: int = 1) -> Callable[..., Any]:
        return lambda _page, _pages, param, _params: (param or 0) - step if (param or 0) - step >= first else None

    def _next_of_all(self, last: int) -> Callable[..., Any]:
        def next_page(page: Any, pages: list[Any], param: Any, params: list[Any]) -> Any:
            number = page.get("n") if isinstance(page, dict) else None
            param = (number or 0) + 10 * len(pages) + 100 * len(params) + (param or 0)
            return param if param <= 110 * last else None

        return next_page

    # combine(results)

    def _all_data(self) -> Callable[..., Any]:
        return lambda results: [self._driver.read_result(result, "data") for result in results]

    def _first_data(self) -> Callable[..., Any]:
        def combine(results: Any) -> Any:
            data = self._driver.read_result(results[0], "data") if results else None
            return None if data is self._driver.undefined else data

        return combine

    def _count(self, field: str) -> Callable[..., Any]:
        return lambda results: sum(bool(self._driver.read_result(result, field)) for result in results)

    def _by_place(self, field: str) -> Callable[..., Any]:
        def combine(results: Any) -> Any:
            read = [self._driver.read_result(result, field) for result in results]
            return {"first": read[0] if read else self._driver.undefined, "rest": read[1:]}

        return combine

    # predicate(query or mutation)

    def _has_data(self) -> Callable[..., Any]:
        return lambda query: self._driver.query_data(query) is not self._driver.undefined

    def _key_contains(self, part: Any) -> Callable[..., Any]:
        return lambda entry: any(x == part and type(x) is type(part) for x in self._driver.key_of(entry) or [])


NAMES = (
    *("get", "wrap", "const", "throw_if", "throw_on_pages"),
    *("inc", "append", "keep", "nothing", "drop_page", "inc_pages"),
    "tally",
    *("no_data", "by_parity", "until_count"),
    *("retry_while", "retry_if", "linear", "exponential"),
    *("keep_previous", "next_until", "prev_until", "next_of_all"),
    *("all_data", "first_data", "count", "by_place"),
    *("has_data", "key_contains"),
)
