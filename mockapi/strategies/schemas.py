"""JSON data by a JSON schema: the words that schemas of APIs are written in.

Written here because the library for it, hypothesis-jsonschema, had its last release in February 2024, knows the drafts
up to 7 only, where pydantic, msgspec and OpenAPI 3.1 write 2020-12, and brings jsonschema along. What is not drawn from
is refused, with its place: data that does not fit would be worse than none. The branches of a ``oneOf`` are taken to
exclude one another, as those of APIs do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final, cast

from hypothesis import strategies as st

from ..openapi.merging import merged
from .values import any_json, finite_floats, texts

MAX_MORE = 3
"""Items or members beyond those that must be there."""

TYPES: Final = ("null", "boolean", "integer", "number", "string", "array", "object")

_SIMPLE: Final = frozenset(
    (
        *("type", "enum", "const", "allOf", "anyOf", "oneOf", "$ref", "$defs", "definitions"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "format"),
        *("items", "prefixItems", "minItems", "maxItems", "uniqueItems"),
        *("properties", "required", "additionalProperties", "minProperties", "maxProperties"),
    )
)
_SAYS_NOTHING: Final = frozenset(
    (
        *("title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly"),
        *("$schema", "$id", "$comment", "$anchor", "contentMediaType", "contentEncoding", "contentSchema"),
        *("discriminator", "externalDocs", "xml"),
    )
)


def from_schema(schema: Any) -> st.SearchStrategy[Any]:
    """What fits a JSON schema.

    Args:
        schema: The schema: a dict, or True for anything.

    Raises:
        TypeError: It is neither.
        ValueError: It has a word that is not drawn from, a reference that leads nowhere, or nothing fits it.
    """
    if not isinstance(schema, (bool, Mapping)):
        raise TypeError(f"schema={schema!r} is no JSON schema; expected a dict, such as {{'type': 'string'}}.")
    found = _Reader(schema).strategy(schema, "schema")
    if found.is_empty:
        raise NothingFitsError(
            "the schema asks for data that would have to hold itself, without an end: nothing fits it."
        )
    return found


class NothingFitsError(ValueError):
    """A schema, or a branch of one, that no data fits."""


class _Reader:
    """Makes strategies of one document.

    Args:
        document: The outermost schema, in which references lead somewhere.
    """

    def __init__(self, document: Any) -> None:
        self._document = document
        self._named: dict[str, st.SearchStrategy[Any]] = {}

    def strategy(self, schema: Any, place: str) -> st.SearchStrategy[Any]:
        if schema is True or schema == {}:
            return any_json()
        if schema is False:
            raise NothingFitsError(f"{place} is False, which nothing fits.")
        if not isinstance(schema, Mapping):
            raise ValueError(f"{place} is {schema!r}; expected a schema, which is a dict or a bool.")
        words = dict(cast("Mapping[str, Any]", schema))
        for word in words:
            if word not in _SIMPLE and word not in _SAYS_NOTHING and not word.startswith("x-"):
                raise ValueError(
                    f"{place} has {word!r}, which is not drawn from. Leave it out and filter what is drawn, as in "
                    "json_payloads(schema=...).filter(fits); or give an example instead of the schema."
                )
        rest = {
            word: value for word, value in words.items() if word in _SIMPLE and word not in ("$defs", "definitions")
        }
        if "$ref" in rest:
            return self._reference(rest, place)
        if "allOf" in rest:
            return self._all_of(rest, place)
        for word in ("anyOf", "oneOf"):
            if word in rest:
                return self._one_of(rest, word, place)
        if "const" in rest:
            return st.just(rest["const"])
        if "enum" in rest:
            kept = [value for value in rest["enum"] if _has_type(value, rest.get("type"))]
            if not kept:
                raise NothingFitsError(f"{place} has an enum without a value of its type, so nothing fits it.")
            return st.sampled_from(kept)
        return self._by_type(rest, place)

    def _by_type(self, words: dict[str, Any], place: str) -> st.SearchStrategy[Any]:
        given = words.get("type", TYPES)
        types = (given,) if isinstance(given, str) else tuple(given)
        makers: dict[str, Callable[[dict[str, Any], str], st.SearchStrategy[Any]]] = {
            "null": lambda _words, _place: st.none(),
            "boolean": lambda _words, _place: st.booleans(),
            "integer": _integers,
            "number": _numbers,
            "string": _strings,
            "array": self._arrays,
            "object": self._objects,
        }
        for name in types:
            if name not in makers:
                raise ValueError(f"{place} has the type {name!r}; expected one of {', '.join(TYPES)}.")
        return st.one_of([makers[name](words, place) for name in types])

    # -- several schemas

    def _reference(self, words: dict[str, Any], place: str) -> st.SearchStrategy[Any]:
        name = words.pop("$ref")
        if words:
            # in 2020-12 its neighbours count, too
            return self.strategy({"allOf": [self._find(name, place), words]}, place)
        found = self._named.get(name)
        if found is None:
            schema = self._find(name, place)
            # later: a schema may hold itself
            found = self._named[name] = st.deferred(lambda: self.strategy(schema, name))
            found.validate()
        return found

    def _find(self, name: Any, place: str) -> Any:
        found: Any = self._document
        try:
            if not str(name).startswith("#"):
                raise KeyError(name)
            for part in str(name)[1:].split("/")[1:]:
                found = found[part.replace("~1", "/").replace("~0", "~")]
        except (KeyError, TypeError):
            raise ValueError(f"{place} refers to {name!r}, which is not in the schema.") from None
        return found

    def _resolved(self, schema: Any, place: str) -> Any:
        """A schema without references and ``allOf`` at its top: as the parts that must all hold."""
        if not isinstance(schema, Mapping):
            return [schema]
        words = {word: value for word, value in cast("Mapping[str, Any]", schema).items() if word in _SIMPLE}
        parts: list[Any] = []
        if "$ref" in words:
            parts += self._resolved(self._find(words.pop("$ref"), place), place)
        for part in words.pop("allOf", ()):
            parts += self._resolved(part, place)
        return [*parts, words]

    def _all_of(self, words: dict[str, Any], place: str) -> st.SearchStrategy[Any]:
        if len(words) == 1 and len(words["allOf"]) == 1:
            # by its name, if it has one: it may be what it stands in
            return self.strategy(words["allOf"][0], place)
        whole: dict[str, Any] = {}
        choices: list[list[Any]] = []
        for part in self._resolved(words, place):
            both = whole if part is True else None
            if isinstance(part, Mapping):
                rest = dict(cast("Mapping[str, Any]", part))
                choices += [rest.pop(word) for word in ("anyOf", "oneOf") if word in rest]
                for word in ("pattern", "multipleOf", "prefixItems"):
                    if whole.get(word, rest.get(word)) != rest.get(word, whole.get(word)):
                        raise ValueError(
                            f"{place} has an allOf with several {word}s, which are not drawn from together."
                        )
                both = merged(whole, rest)
            if both is None:
                raise NothingFitsError(f"{place} has an allOf whose parts exclude each other, so nothing fits it.")
            whole = both
        if not choices:
            return self.strategy(whole, place)
        if choices[1:]:
            whole["allOf"] = [{"anyOf": more} for more in choices[1:]]
        return self._one_of({**whole, "anyOf": choices[0]}, "anyOf", place)

    def _one_of(self, words: dict[str, Any], word: str, place: str) -> st.SearchStrategy[Any]:
        branches = words.pop(word)
        options: list[st.SearchStrategy[Any]] = []
        last: ValueError | None = None
        for number, branch in enumerate(branches):
            here = f"{place}[{word!r}][{number}]"
            try:
                options.append(self.strategy({"allOf": [branch, words]} if words else branch, here))
            except NothingFitsError as error:
                # the others may do
                last = error
        if not options:
            raise last or NothingFitsError(f"{place} has an empty {word}, so nothing fits it.")
        return st.one_of(options)

    # -- what holds others

    def _arrays(self, words: dict[str, Any], place: str) -> st.SearchStrategy[Any]:
        first = [
            self.strategy(part, f"{place}['prefixItems'][{number}]")
            for number, part in enumerate(words.get("prefixItems", ()))
        ]
        items = words.get("items", True)
        least, most = words.get("minItems", 0), words.get("maxItems")
        unique = bool(words.get("uniqueItems"))
        rest_least = max(0, least - len(first))
        if items is False:
            if rest_least:
                raise NothingFitsError(f"{place} wants {least} items and allows {len(first)}, so nothing fits it.")
            rest: st.SearchStrategy[list[Any]] = st.just([])
        else:
            rest_most = rest_least + MAX_MORE if most is None else min(most - len(first), rest_least + MAX_MORE)
            rest = st.lists(
                self.strategy(items, f"{place}['items']"),
                min_size=rest_least,
                max_size=max(rest_most, rest_least),
                unique_by=_identity if unique else None,
            )
        if not first:
            return rest
        if most is not None and most < len(first):
            first = first[:most]
        both = st.builds(lambda start, more: [*start, *more], st.tuples(*first), rest)
        return both.filter(lambda made: len({*map(_identity, made)}) == len(made)) if unique else both

    def _objects(self, words: dict[str, Any], place: str) -> st.SearchStrategy[Any]:
        properties: Mapping[str, Any] = words.get("properties", {})
        required = list(words.get("required", ()))
        more = words.get("additionalProperties", True)
        unnamed = [name for name in required if name not in properties]
        if unnamed and more is False:
            raise NothingFitsError(f"{place} requires {unnamed[0]!r} and does not allow it, so nothing fits it.")
        needed = {
            name: self.strategy(properties.get(name, more), f"{place}['properties'][{name!r}]") for name in required
        }
        optional = {
            name: self.strategy(part, f"{place}['properties'][{name!r}]")
            for name, part in properties.items()
            if name not in needed and part is not False
        }
        named = st.fixed_dictionaries(needed, optional=optional)
        least, most = words.get("minProperties", 0), words.get("maxProperties", math.inf)
        # a schema with named members says what an object is; others that it merely does not forbid help nobody
        is_map = isinstance(more, Mapping) or not properties
        if more is not False and (is_map or least > len(properties)):
            missing = max(0, least - len(needed))
            names = texts(1, 8).filter(lambda name: name not in properties and name not in needed)
            extra = st.dictionaries(
                names,
                self.strategy(more, f"{place}['additionalProperties']"),
                min_size=missing,
                max_size=int(min(missing + MAX_MORE, max(most - len(needed), missing))),
            )
            named = st.builds(lambda own, others: {**others, **own}, named, extra)
        if least <= len(needed) and most >= len(needed) + len(optional) and not is_map:
            return named
        return named.filter(lambda made: least <= len(made) <= most)


# -- what holds nothing


def _integers(words: dict[str, Any], place: str) -> st.SearchStrategy[int]:
    least, most = _bounds(words)
    step = Fraction(words.get("multipleOf", 1))
    # the whole numbers among the multiples
    step = Fraction(step.numerator) if step > 0 else Fraction(1)
    low = None if least is None else math.ceil(least / step)
    high = None if most is None else math.floor(most / step)
    if low is not None and least is not None and words.get("exclusiveMinimum") == least and low * step == least:
        low += 1
    if high is not None and most is not None and words.get("exclusiveMaximum") == most and high * step == most:
        high -= 1
    if low is not None and high is not None and low > high:
        raise NothingFitsError(f"{place} has limits without a whole number between them, so nothing fits it.")
    return st.integers(low, high).map(lambda count: int(count * step))


def _numbers(words: dict[str, Any], place: str) -> st.SearchStrategy[float]:
    if "multipleOf" in words:
        # a multiple that is no whole number is not the same in every reader of JSON
        return _integers(words, place)
    least, most = _bounds(words)
    if least is not None and most is not None and least > most:
        raise NothingFitsError(f"{place} has a minimum above its maximum, so nothing fits it.")
    floats = finite_floats(least, most).filter(
        lambda value: value != words.get("exclusiveMinimum") and value != words.get("exclusiveMaximum")
    )
    try:
        return _integers(words, place) | floats
    except ValueError:
        return floats


def _bounds(words: dict[str, Any]) -> tuple[Any, Any]:
    least = max((words[word] for word in ("minimum", "exclusiveMinimum") if word in words), default=None)
    most = min((words[word] for word in ("maximum", "exclusiveMaximum") if word in words), default=None)
    return least, most


def _strings(words: dict[str, Any], place: str) -> st.SearchStrategy[str]:
    least, most = words.get("minLength", 0), words.get("maxLength")
    if "pattern" in words:
        try:
            found = st.from_regex(words["pattern"], alphabet=st.characters(exclude_categories=("Cs", "Cc")))
            # what ends with a line break fits $ in Python, and nowhere else
            found = found.filter(lambda text: not text.endswith("\n"))
            found.validate()
        except Exception as error:  # noqa: BLE001 - of re or of Hypothesis, put into words
            text = f"{place} has the pattern {words['pattern']!r}, which is not drawn from: {error}"
            raise ValueError(text) from None
    elif words.get("format") in _FORMATS:
        found = _FORMATS[words["format"]]()
    else:
        return texts(least, most)
    if not least and most is None:
        return found
    return found.filter(lambda text: least <= len(text) <= (math.inf if most is None else most))


def _times() -> st.SearchStrategy[str]:
    # whole seconds, in UTC: what every reader reads
    return st.datetimes().map(lambda moment: moment.replace(microsecond=0).isoformat() + "Z")


_FORMATS: Final[dict[str, Callable[[], st.SearchStrategy[str]]]] = {
    "date-time": _times,
    "date": lambda: st.dates().map(str),
    "time": lambda: _times().map(lambda text: text.partition("T")[2]),
    "duration": lambda: st.integers(0, 10**6).map(lambda count: f"PT{count}S"),
    "uuid": lambda: st.uuids().map(str),
    "email": lambda: st.builds("{}@example.com".format, st.from_regex(r"[a-z][a-z0-9]{0,10}", fullmatch=True)),
    "uri": lambda: st.builds("https://example.com/{}".format, st.from_regex(r"[a-z0-9]{0,10}", fullmatch=True)),
    "hostname": lambda: st.builds("{}.example.com".format, st.from_regex(r"[a-z][a-z0-9]{0,10}", fullmatch=True)),
    "ipv4": lambda: st.ip_addresses(v=4).map(str),
    "ipv6": lambda: st.ip_addresses(v=6).map(str),
}


def _has_type(value: Any, given: Any) -> bool:
    if given is None:
        return True
    names = (given,) if isinstance(given, str) else given
    return any(_is_of(value, name) for name in names)


def _is_of(value: Any, name: str) -> bool:
    if name == "integer":
        return not isinstance(value, bool) and (
            isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        )
    kinds: dict[str, Any] = {
        "null": type(None),
        "boolean": bool,
        "number": (int, float),
        "string": str,
        "array": list,
        "object": dict,
    }
    return isinstance(value, kinds.get(name, ())) and (name == "boolean" or not isinstance(value, bool))


def _identity(value: Any) -> str:
    """What tells two items of a list with ``uniqueItems`` apart: 1 and 1.0 are one, 1 and True are two."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return repr(value)
    if isinstance(value, (int, float)):
        return repr(Fraction(value))
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        return "{" + ",".join(f"{name!r}:{_identity(members[name])}" for name in sorted(members)) + "}"
    return "[" + ",".join(map(_identity, value)) + "]"
