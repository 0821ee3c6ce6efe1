"""Matchers of what is sent as named texts: the query, and the fields of a form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .agreement import agrees, agrees_in_part, copied, pruned, text_agrees
from .matchers import ABSENT, Mismatch, PartMatcher, checked_names
from .requests import RequestView

_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


class TextMatcher(PartMatcher):
    """Compares named texts: those given count, others may be there.

    Args:
        part: Which part of the request it looks at.
        wanted: Names and values.
        exact: Whether no others may be sent.
        deep: Whether dicts among the values may have more keys than are given.
    """

    def __init__(self, part: str, wanted: Mapping[str, Any], *, exact: bool = False, deep: bool = False) -> None:
        check = _check_of(f"match_{part}", deep)
        kept = {name: v if v is ABSENT else copied(v, check, f"[{name!r}]") for name, v in wanted.items()}
        super().__init__(part, kept)
        self.normal = {name: as_sent(value) for name, value in self.wanted.items()}
        self._exact = exact
        self._deep = deep

    def sent(self, view: RequestView) -> Mapping[str, list[str]]:
        """The texts that were sent, each name with its values in order.

        Args:
            view: The request with its parts.
        """
        raise NotImplementedError

    def together(self, values: list[str]) -> str | list[str]:
        """The values of one name, as a single wanted value is compared with them.

        Args:
            values: The values.
        """
        return values[0] if len(values) == 1 else values

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request fits.

        Args:
            view: The request with its parts.
        """
        sent = self.sent(view)
        for name, wanted in self.normal.items():
            if not self._fits(name, wanted, sent):
                break
        else:
            if not self._exact or all(name in self.normal for name in sent):
                return True
        return self._mismatch(sent)

    def _fits(self, name: str, wanted: Any, sent: Mapping[str, list[str]]) -> bool:
        values = sent.get(name)
        if wanted is ABSENT:
            return values is None
        if type(wanted) is dict:
            return self._tree_fits(name, wanted, sent)
        if values is None:
            return False
        if type(wanted) is list:
            return len(wanted) == len(values) and all(map(text_agrees, wanted, values))
        return text_agrees(wanted, self.together(values))

    def _tree_fits(self, name: str, wanted: dict[str, Any], sent: Mapping[str, list[str]]) -> bool:
        tree, is_json = tree_of(name, sent)
        if is_json:
            return (agrees_in_part if self._deep else agrees)(self.wanted[name], tree)
        return tree is not None and _texts_agree(wanted, tree, self._deep)

    def _mismatch(self, sent: Mapping[str, list[str]]) -> Mismatch:
        """Those that differ; what agrees is not worth a row."""
        wanted: dict[str, Any] = {}
        got: dict[str, Any] = {}
        for name, value in self.normal.items():
            if self._fits(name, value, sent):
                continue
            wanted[name] = value
            if type(value) is dict:
                tree, is_json = tree_of(name, sent)
                wanted[name] = self.wanted[name] if is_json else value
                if tree is not None:
                    got[name] = pruned(value, tree) if self._deep else tree
            elif name in sent:
                got[name] = self.together(sent[name])
        if self._exact:
            got.update((name, self.together(sent[name])) for name in sent if name not in self.normal)
        reason = "other keys were sent"
        for name, value in wanted.items():
            what = "was sent" if value is ABSENT else "differs" if name in got else "is missing"
            reason = f"{name} {what}"
            break
        return Mismatch(self.part, reason, wanted, got)


class QueryMatcher(TextMatcher):
    """Compares query parameters.

    Args:
        wanted: Names and values.
        exact: Whether no others may be sent.
        deep: Whether dicts among the values may have more keys than are given.

    Attributes:
        texts: Those that are wanted as plain text: what a request must have at the least. It can be compared without
            a call, when many mocks differ by their query alone.
    """

    def __init__(self, wanted: Mapping[str, Any], *, exact: bool = False, deep: bool = False) -> None:
        super().__init__("query", wanted, exact=exact, deep=deep)
        lists = {name: value if isinstance(value, list) else [value] for name, value in self.normal.items()}
        self.texts: dict[str, list[str]] = {
            name: values for name, values in lists.items() if values and all(type(v) is str for v in values)
        }

    def sent(self, view: RequestView) -> Mapping[str, list[str]]:
        """The query parameters of a request.

        Args:
            view: The request with its parts.
        """
        return view.query


class FormMatcher(TextMatcher):
    """Compares the text fields of a form, urlencoded or multipart.

    Args:
        wanted: Names and values.
        deep: Whether dicts among the values may have more keys than are given.
    """

    def __init__(self, wanted: Mapping[str, Any], *, deep: bool = False) -> None:
        super().__init__("form", wanted, deep=deep)

    def sent(self, view: RequestView) -> Mapping[str, list[str]]:
        """The fields of a request's form; none if its body is no form.

        Args:
            view: The request with its parts.
        """
        return view.fields or {}

    def check(self, view: RequestView) -> bool | Mismatch:
        """Whether the request's form fits.

        Args:
            view: The request with its parts.
        """
        outcome = super().check(view)
        if outcome or view.fields is not None:
            return outcome
        content = view.request.content
        what = f"no form but {view.content_type or 'without a content type'}" if content else "empty"
        return Mismatch("form", f"the body is {what}", self.normal, content)


def match_query(wanted: Mapping[str, Any], *, deep: bool = False) -> QueryMatcher:
    """A matcher of query parameters: those given are compared, others may be there.

    Args:
        wanted: Names and values. A value is compared as the text that it is sent as (``2`` is "2", ``True`` is
            "true"); a list is all values of a repeated name, in order; ``ABSENT`` must not be sent; a value with its
            own ``==``, such as ``unittest.mock.ANY``, is asked, first about the text and then, if that is a number,
            about the number. A regular expression must match the whole text. A dict is what is sent in brackets
            (``{"filter": {"state": "open"}}`` is ``filter[state]=open``) or as JSON.
        deep: Whether dicts among the values may have more keys than are given, at any depth; ``ABSENT`` can stand
            in them then.

    Raises:
        TypeError: Not a mapping, or a value that can never be sent.
    """
    return QueryMatcher(checked_names("match_query", wanted), deep=deep)


def match_exact_query(wanted: Mapping[str, Any]) -> QueryMatcher:
    """A matcher of query parameters that allows no others.

    Args:
        wanted: Names and values, as ``match_query`` takes them.
    """
    return QueryMatcher(wanted, exact=True)


def match_form(wanted: Mapping[str, Any], *, deep: bool = False) -> FormMatcher:
    """A matcher of the text fields of a form, urlencoded or multipart: those given are compared, others may be there.

    Args:
        wanted: Names and values, by the rules of ``match_query``. Files are for ``match_files``.
        deep: Whether dicts among the values may have more keys than are given, at any depth; ``ABSENT`` can stand
            in them then.

    Raises:
        TypeError: Not a mapping, or a value that can never be sent.
    """
    return FormMatcher(checked_names("match_form", wanted), deep=deep)


def as_sent(value: Any) -> Any:
    """A value as the text, or the texts, that httpx sends it as; what is no plain value stays as it is.

    Args:
        value: A value of a query or a form.
    """
    if isinstance(value, dict):
        return {name: as_sent(item) for name, item in value.items()}
    if isinstance(value, list):
        return [as_sent(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return "" if value is None else value


def tree_of(name: str, sent: Mapping[str, list[str]]) -> tuple[Any, bool]:
    """What was sent under a name as nested data, and whether that was JSON.

    Args:
        name: The name: ``filter`` for ``filter={"state": "open"}`` and for ``filter[state]=open&filter[tags][]=a``.
        sent: All texts that were sent.
    """
    values = sent.get(name)
    if values is not None:
        if len(values) == 1:
            try:
                data = json.loads(values[0])
            except ValueError:
                return values[0], False
            return data, True
        return values, False
    tree: dict[str, Any] = {}
    for key, found in sent.items():
        rest = key[len(name) :]
        steps = _BRACKETS.findall(rest)
        if not key.startswith(name) or not steps or "".join(f"[{step}]" for step in steps) != rest:
            continue
        value: Any = found[0] if len(found) == 1 else found
        if not steps[-1] and len(steps) > 1:
            steps, value = steps[:-1], found
        node = tree
        for step in steps[:-1]:
            inner = node.setdefault(step, {})
            node = inner if isinstance(inner, dict) else {}
        node[steps[-1]] = value
    return tree or None, False


def _texts_agree(wanted: Any, got: Any, deep: bool) -> bool:
    if isinstance(wanted, dict):
        if not isinstance(got, dict) or (not deep and len(got) != len(wanted)):
            return False
        names: Any = wanted
        return all(
            name not in got if value is ABSENT else name in got and _texts_agree(value, got[name], deep)
            for name, value in names.items()
        )
    if isinstance(wanted, list):
        texts = got if isinstance(got, list) else [got]
        return len(wanted) == len(texts) and all(_texts_agree(a, b, deep) for a, b in zip(wanted, texts, strict=True))
    return text_agrees(wanted, got)


def _check_of(name: str, deep: bool) -> Callable[[Any, str], None]:
    def check(value: Any, place: str) -> None:
        if (
            isinstance(value, (list, tuple))
            and any(isinstance(item, Mapping) for item in value)
            and place.count("[") == 1
        ):
            raise TypeError(f"{name} has dicts in the list at {place}; no name that repeats is sent like that.")
        if isinstance(value, (bytes, bytearray)):
            files = " Files are for match_files." if name == "match_form" else ""
            raise TypeError(f"{name} has the bytes {value!r} at {place}, but its values are sent as text.{files}")
        refuse_absent(name, value, place, deep)

    return check


def refuse_absent(name: str, value: Any, place: str, deep: bool) -> None:
    """Refuse ``ABSENT`` where nothing can be absent.

    Args:
        name: The name of the matcher's function.
        value: A value below the top level.
        place: Where it stands.
        deep: Whether dicts are compared in part.

    Raises:
        TypeError: It is ``ABSENT``, as an item of a list or where dicts are compared whole.
    """
    if value is not ABSENT:
        return
    if _is_item(place):
        raise TypeError(f"{name} has ABSENT at {place}, as an item of a list; it can stand for the key of a dict only.")
    if not deep:
        raise TypeError(
            f"{name} has ABSENT at {place}; it can stand at the top level only, because values are compared whole. "
            "Leave the key out there, or compare in part with deep=True."
        )


def _is_item(place: str) -> bool:
    """Whether a place such as ``['tags'][0]`` is that of an item of a list."""
    return place[place.rindex("[") + 1 : -1].isdigit()
