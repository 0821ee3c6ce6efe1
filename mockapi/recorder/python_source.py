"""Mocks as Python: one function for each test, which registers them on the client that it is given."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import msgspec

from query.base.types import UNSET

from .literal import INDENT, WIDTH, Layout, call, fits, literal, long_text, named, quoted, word
from .plan import PlannedAnswer, PlannedMock
from .reply_body import Attached

CLIENT = "mock_api_client"
FILES = "FILES"
_ROOM = WIDTH - 2 * len(INDENT) - len(",")

# as add_error has them; the name of the class does for the rest
_ERRORS = {
    "ConnectError": "connect",
    "ConnectTimeout": "connect_timeout",
    "ReadTimeout": "read_timeout",
    "WriteTimeout": "write_timeout",
    "PoolTimeout": "pool_timeout",
    "RemoteProtocolError": "disconnect",
    "ReadError": "reset",
}
# what the module has by other means, or what would hide a builtin
_TAKEN = frozenset(("httpx", CLIENT, "match_content", "match_data", "match_query", *dir(builtins)))


class Written(msgspec.Struct, kw_only=True):
    """A function of a recorded module, as it goes from the process of the test to the one that writes.

    Attributes:
        test: The test: its node id.
        name: The name of the function.
        source: Its text.
        files: Bodies that lie beside the module, by name.
        count: How many exchanges it stands for.
    """

    test: str
    name: str
    source: str
    files: dict[str, bytes]
    count: int


def function_name(test: str) -> str:
    """The name of a test's function: ``test_page[1-asc]`` of ``TestOrders`` is ``orders_page_1_asc``.

    Args:
        test: The node id.
    """
    _, _, rest = test.partition("::")
    parts = re.split(r"::(?![^\[]*\])", rest or test)
    words = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", part).lower() for part in parts]
    name = "_".join(re.sub(r"^test_?", "", word) for word in words)
    name = re.sub(r"[\W_]+", "_", name).strip("_")
    # pytest would collect a "test..." where it is imported
    if not name.isidentifier() or name.startswith("test"):
        name = f"case_{name}".rstrip("_")
    return f"{name}_" if keyword.iskeyword(name) or name in _TAKEN else name


def written(test: str, mocks: Sequence[PlannedMock], origins: Iterable[str], count: int) -> Written:
    """The function of a test.

    Args:
        test: The node id.
        mocks: What it registers.
        origins: Where the requests went.
        count: How many exchanges there were.
    """
    name = function_name(test)
    files: dict[str, bytes] = {}
    signature = f"def {name}({CLIENT}: MockApiClient) -> None:"
    if not fits(signature):
        signature = f"def {name}(\n{INDENT}{CLIENT}: MockApiClient,\n) -> None:"
    lines = [signature, f'{INDENT}"""{docstring(test, origins)}"""']
    for mock in mocks:
        lines += [f"{INDENT}# {note}" for note in _notes(mock)]
        lines += _registration(mock, name, files).lines(INDENT)
    return Written(test=test, name=name, source="\n".join(lines) + "\n", files=files, count=count)


def docstring(test: str, origins: Iterable[str]) -> str:
    """What a function says of itself; by it a later run knows whose it is.

    Args:
        test: The node id.
        origins: Where the requests went.
    """
    where = ", ".join(sorted(set(origins)))
    return f"What {where} answered in {escaped(test)}."


def escaped(test: str) -> str:
    """A node id as it stands in a docstring.

    Args:
        test: The node id.
    """
    return "".join(sign if sign.isprintable() else "?" for sign in test).replace("\\", "\\\\").replace('"', "'")


def _notes(mock: PlannedMock) -> Iterable[str]:
    for answer in mock.answers:
        if answer.size is not None:
            yield f"the program read only the first {answer.size} bytes of this body"


def _registration(mock: PlannedMock, function: str, files: dict[str, bytes]) -> Layout:
    where: list[Layout] = [word(quoted(mock.url))]
    how = [] if mock.method == "GET" else [named("method=", word(quoted(mock.method)))]
    match = [
        call(matcher, [literal(wanted)])
        for matcher, wanted in (
            ("match_query", mock.query or UNSET),
            ("match_data", mock.data),
            ("match_content", mock.content),
        )
        if wanted is not UNSET
    ]
    if match:
        how.append(named("match=", Layout(start="[", items=tuple(match), end="]")))
    answer, *more = mock.answers
    if more:
        answers = [_answer(answer, mock, function, files) for answer in mock.answers]
        return call(f"{CLIENT}.add_sequence", [*where, *answers, *how])
    if answer.error:
        error = word(quoted(_ERRORS.get(answer.error, answer.error)))
        return call(f"{CLIENT}.add_error", [*where, error, *how])
    rest = _said(answer)
    body = _body(answer, mock, function, files, room=_ROOM - len("body="))
    if body is not None:
        rest.append(named("body=", body))
    return call(f"{CLIENT}.add_mock_response", [*where, *how, *rest])


def _answer(answer: PlannedAnswer, mock: PlannedMock, function: str, files: dict[str, bytes]) -> Layout:
    if answer.error:
        text = word(quoted(f"{answer.error} of a recording"))
        return call("Answer", [call(f"httpx.{answer.error}", [text])])
    said = _said(answer)
    body = _body(answer, mock, function, files, room=_ROOM - len(INDENT) * bool(said))
    if body is not None and not said:
        return body
    return call("Answer", [*([] if body is None else [body]), *said])


def _said(answer: PlannedAnswer) -> list[Layout]:
    said: list[Layout] = []
    if answer.status_code != 200:
        said.append(named("status_code=", literal(answer.status_code)))
    names = [name for name, _ in answer.headers]
    if len(names) != len(set(names)):
        pairs = tuple(Layout(start="(", items=(literal(n), literal(v)), end=")") for n, v in answer.headers)
        said.append(named("headers=", Layout(start="[", items=pairs, end="]")))
    elif names:
        said.append(named("headers=", literal(dict(answer.headers))))
    return said


def _body(
    answer: PlannedAnswer, mock: PlannedMock, function: str, files: dict[str, bytes], *, room: int
) -> Layout | None:
    if answer.body is UNSET:
        return None
    if isinstance(answer.body, Attached):
        return word(f"{FILES} / {quoted(_filed(answer.body, mock.url, function, files))}")
    if isinstance(answer.body, str):
        return long_text(answer.body, room)
    return literal(answer.body)


def _filed(body: Attached, url: str, function: str, files: dict[str, bytes]) -> str:
    """The name of a body's file, below the folder of the module's files."""
    last = PurePosixPath(unquote(urlsplit(url).path)).name
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", last.removesuffix(body.suffix)).strip("_")[:40] or "body"
    name, number = f"{function}/{stem}{body.suffix}", 1
    while files.get(name, body.data) != body.data:
        number += 1
        name = f"{function}/{stem}_{number}{body.suffix}"
    files[name] = body.data
    return name


def used_names(source: str) -> set[str]:
    """The names that some source uses, for its imports.

    Args:
        source: The text of functions.
    """
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
