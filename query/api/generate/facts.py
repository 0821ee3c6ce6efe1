"""What a schema says with everything that it is made of: its own words, its references and its ``allOf``, as one.

Several schemas that must hold together say less than each: the types that all allow, the values that all allow, the
properties of any.
"""

from __future__ import annotations

from typing import Any, Final, Self

from ...openapi.documents import Node, is_list, is_object
from ...openapi.errors import DescriptionError

KINDS: Final = ("string", "integer", "number", "boolean", "array", "object", "null")
"""The types of JSON Schema."""

_MEANING: Final = frozenset(
    (
        *("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "type", "enum", "const", "properties", "required"),
        *("additionalProperties", "patternProperties", "items", "prefixItems"),
    )
)
_CONSTRAINTS: Final = frozenset(("required", "not", "type", "title", "description", "nullable"))


def reference(given: dict[str, Any]) -> str | None:
    """The reference of a schema; None if it has none.

    Args:
        given: The schema.
    """
    ref = given.get("$ref", given.get("$dynamicRef"))
    return ref if isinstance(ref, str) else None


def pure_reference(given: Any, *, is_3_0: bool) -> str | None:
    """The reference of a schema that is no more than that; None if it has none, or says more.

    Args:
        given: The schema.
        is_3_0: Whether a reference stands for itself, whatever is beside it.
    """
    if not is_object(given):
        return None
    ref = reference(given)
    return ref if ref is not None and (is_3_0 or len(_MEANING.intersection(given)) == 1) else None


def is_nullable(given: Any) -> bool:
    """Whether a schema says of itself that it may be null, in the words of 3.0.

    Args:
        given: The schema.
    """
    return is_object(given) and given.get("nullable") is True


def parts(nodes: list[Node], *, is_3_0: bool, inner: bool = False) -> list[Node]:
    """The schemas that say something, without those that only hold others together, each once.

    Args:
        nodes: Schemas that must hold together.
        is_3_0: Whether a reference stands for itself, whatever is beside it.
        inner: Whether they are held together by another, so that each says for itself whether it may be null.
    """
    found: dict[Any, Node] = {}
    open_: list[Node] = []
    for node in nodes:
        given = node.value
        if not is_object(given):
            if given is False:
                found[node.key] = node
            continue
        words = _MEANING.intersection(given)
        ref = pure_reference(given, is_3_0=is_3_0)
        if ref is not None:
            found[node.follow(ref).key] = node
        elif "allOf" in given and words <= {"allOf", "type"} and given.get("type", "object") == "object":
            if inner and is_3_0 and is_nullable(given):
                found[node.key] = node
                continue
            for part in parts(node.sequence("allOf"), is_3_0=is_3_0, inner=True):
                ref = pure_reference(part.value, is_3_0=is_3_0)
                found[part.key if ref is None else part.follow(ref).key] = part
        elif words == {"type"} and given["type"] == "object":
            open_.append(node)
        elif words:
            found[node.key] = node
    return list(found.values()) or open_[:1]


class Facts:
    """What several schemas say that must hold together.

    Attributes:
        kinds: The types that all allow; None if none of them says.
        values: The values that all allow; None if none of them says.
        properties: The schemas of each property.
        required: The properties that must be there.
        extra: The schemas of what else may be in an object.
        items: The schemas of what is in an array.
        prefix: The schemas of its first items, by position.
        is_open: Whether there may be more items than those.
        choices: Groups of schemas of which one each must hold as well.
        title: What the first that says it calls itself.
        doc: What the first that says it says of itself.
    """

    __slots__ = (
        "choices",
        "doc",
        "extra",
        "is_3_0",
        "is_open",
        "items",
        "kinds",
        "prefix",
        "properties",
        "required",
        "seen",
        "title",
        "values",
    )

    def __init__(self, *, is_3_0: bool) -> None:
        self.is_3_0: bool = is_3_0
        self.kinds: list[str] | None = None
        self.values: list[Any] | None = None
        self.properties: dict[str, list[Node]] = {}
        self.required: dict[str, None] = {}
        self.extra: list[Node] = []
        self.items: list[Node] = []
        self.prefix: list[Node] = []
        self.is_open: bool = True
        self.choices: list[list[Node]] = []
        self.title: str = ""
        self.doc: Any = ""
        self.seen: set[Any] = set()

    def copy(self) -> Self:
        """The same, to be added to."""
        made = type(self)(is_3_0=self.is_3_0)
        made.kinds, made.values, made.title, made.doc = self.kinds, self.values, self.title, self.doc
        made.properties = {name: list(nodes) for name, nodes in self.properties.items()}
        made.required, made.seen = dict(self.required), set(self.seen)
        made.extra, made.items, made.prefix = list(self.extra), list(self.items), list(self.prefix)
        made.choices, made.is_open = list(self.choices), self.is_open
        return made

    def add(self, node: Node) -> None:
        """Let a schema hold as well.

        Args:
            node: The schema.

        Raises:
            DescriptionError: It is no schema, or refers to what is not there.
        """
        given = node.value
        if given is True or given is None:
            return
        if given is False:
            self.kinds = []
            return
        if not is_object(given):
            raise DescriptionError(f"{node.where} is {given!r}; a schema is expected there.", where=node.where)
        if node.key in self.seen:
            return
        self.seen.add(node.key)
        ref = reference(given)
        if ref is not None:
            self.add(node.follow(ref))
            if self.is_3_0:
                return
        self.title = self.title or (given["title"] if isinstance(given.get("title"), str) else "")
        self.doc = self.doc or given.get("description")
        self._add_kinds(node, given)
        if "allOf" in given:
            for part in node.sequence("allOf"):
                self.add(part)
        for name in ("oneOf", "anyOf"):
            if given.get(name):
                self._add_choice(node.sequence(name))
        if "properties" in given:
            # documents of several files refer to all properties of an object at once
            for name, below in node.at("properties").resolved.mapping():
                self.properties.setdefault(name, []).append(below)
        required = given.get("required")
        if is_list(required):
            # in 3.0 drafts it was a bool of the property itself
            self.required.update(dict.fromkeys(str(name) for name in required))
        if "patternProperties" in given:
            self.extra += [below for _, below in node.mapping("patternProperties")]
        if is_object(given.get("additionalProperties")):
            self.extra.append(node.at("additionalProperties"))
        if "items" in given and not is_list(given["items"]):
            self.items.append(node.at("items"))
        if "prefixItems" in given:
            first = node.sequence("prefixItems")
            self.prefix += first
            most = given.get("maxItems")
            if given.get("items") is False or (isinstance(most, (int, float)) and most <= len(first)):
                self.is_open = False

    def _add_kinds(self, node: Node, given: dict[str, Any]) -> None:
        said = given.get("type")
        if said is not None:
            kinds: list[str] = [said] if isinstance(said, str) else list(said) if is_list(said) else [repr(said)]
            for kind in kinds:
                if kind not in KINDS:
                    raise DescriptionError(
                        f"{node.where} says type: {kind}; expected one of {', '.join(KINDS)}.", where=node.where
                    )
            if self.is_3_0 and is_nullable(given):
                kinds.append("null")
            if "number" in kinds and "integer" not in kinds:
                kinds.append("integer")
            mine = self.kinds
            self.kinds = kinds if mine is None else [kind for kind in mine if kind in kinds]
        values = given["enum"] if is_list(given.get("enum")) else [given["const"]] if "const" in given else None
        if values is not None:
            if self.is_3_0 and is_nullable(given):
                values = [*values, None]
            mine_ = self.values
            self.values = values if mine_ is None else [value for value in mine_ if value in values]

    def _add_choice(self, branches: list[Node]) -> None:
        """Take up a choice, unless its branches only say which properties must be there together."""
        if not all(
            is_object(branch.value)
            and _CONSTRAINTS.issuperset(branch.value)
            and branch.value.get("type", "object") == "object"
            and "required" in branch.value
            for branch in branches
        ):
            self.choices.append(branches)

    @property
    def has_parts(self) -> bool:
        """Whether it says more than types and values: what is in an object or an array."""
        return bool(self.properties or self.required or self.extra or self.items or self.prefix)

    @property
    def known_kinds(self) -> list[str]:
        """The types that all allow, also those that follow from their other words; each as seldom as can be."""
        kinds = self.kinds
        if kinds is None:
            kinds = ["object"] if self.properties or self.extra else ["array"] if self.items or self.prefix else []
        # a number may always be an integer
        return [kind for kind in kinds if kind != "integer" or "number" not in kinds]
