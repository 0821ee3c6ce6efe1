"""Names for types: out of what the document calls things, never a word that Python or the module needs itself."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

RESERVED: Final = frozenset(
    (
        *keyword.kwlist,
        *dir(builtins),
        *("Annotated", "Any", "Generic", "Final", "Literal", "Mapping", "NotRequired", "ReadOnly", "Required"),
        *(
            "PathValue",
            "Sequence",
            "TypeAlias",
            "TypeAliasType",
            "TypedDict",
            "TypeForm",
            "TypeVar",
            "Union",
            "Optional",
            "UUID",
        ),
        *("annotations", "typing", "typing_extensions", "PathValue", "TYPE_CHECKING"),
    )
)
"""Names that no type may have: keywords, builtins, and what a module of types imports."""

_APOSTROPHE = re.compile(r"['\u2019](?=\w)")
_NO_WORD = re.compile(r"[\W_]+")
MAX_NAME = 70
"""Characters beyond which the name of a nested type leaves out what is between it and the outermost."""


@lru_cache(maxsize=10_000)
def class_name(text: str) -> str:
    """Words of a document as one name: ``"repos/get-content"`` is ``"ReposGetContent"``.

    Args:
        text: The words; letters and digits stay as they are, what is between them goes.
    """
    joined = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text))
    name = "".join(word[0].upper() + word[1:] for word in _NO_WORD.split(joined) if word)
    if not f"a{name}".isidentifier():
        # some letters are fit for words but not for identifiers
        name = "".join(letter for letter in name if f"a{letter}".isidentifier())
    return name if name.isidentifier() else f"Type{name}"


def spelled_out(text: str) -> str:
    """Words of a document as a name that keeps them apart: ``"foo-bar"`` is ``"Foo_Bar"``.

    Args:
        text: The words.
    """
    return "_".join(class_name(word) for word in _NO_WORD.split(text) if word) or class_name(text)


def source(value: object) -> str:
    """A value of a Literal as Python writes it, texts in double quotes.

    Args:
        value: A str, int or bool.
    """
    text = repr(value)
    return f'"{text[1:-1]}"' if text.startswith("'") and '"' not in text else text


class Names:
    """The names that are taken.

    Attributes:
        numbered: How many names had to be told apart by a number.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self.numbered: int = 0

    def take(self, wanted: Iterable[str]) -> str:
        """The first name that is free, which is then taken.

        Args:
            wanted: Names, the best first. A reserved one gets an underscore behind it. If none is free, the first gets
                a number.
        """
        names = [f"{name}_" if name in RESERVED else name for name in wanted]
        for name in names:
            if name not in self._taken:
                break
        else:
            self.numbered += 1
            number = 2
            while f"{names[0]}{number}" in self._taken:
                number += 1
            name = f"{names[0]}{number}"
        self._taken.add(name)
        return name
