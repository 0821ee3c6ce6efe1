"""Recorded mocks as Python."""

import ast
import subprocess
import sys
from pathlib import Path
from unittest.mock import ANY

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockapi.recorder.literal import literal
from mockapi.recorder.module_file import RecordedModule, checksum
from mockapi.recorder.plan import PlannedAnswer, PlannedMock
from mockapi.recorder.python_source import function_name, written
from mockapi.recorder.reply_body import Attached
from query import UNSET

ROOT = Path(__file__).resolve().parent.parent.parent.parent

# but for what this Python knows no character for: how wide that is differs with the version of Unicode
KNOWN = st.characters(codec="utf-8", exclude_categories=["Cn"])
WORDS = st.text(KNOWN, max_size=60) | st.text("ab\"'\\\n\té中", max_size=100)
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)
ANSWERS = st.builds(
    PlannedAnswer,
    status_code=st.sampled_from([200, 404]),
    headers=st.lists(st.tuples(st.sampled_from(["etag", "link"]), st.text("ab'", max_size=50)), max_size=2).map(tuple),
    body=st.just(UNSET) | DATA | st.binary(max_size=64) | st.lists(WORDS, max_size=5).map("\n".join),
) | st.builds(PlannedAnswer, error=st.sampled_from(["ConnectError", "CloseError"]))
MOCKS = st.builds(
    PlannedMock,
    method=st.sampled_from(["GET", "POST"]),
    url=st.text("/ab'", max_size=90).map("/{}".format),
    query=st.dictionaries(WORDS, WORDS, max_size=3),
    data=st.just(UNSET) | st.dictionaries(WORDS, DATA, max_size=3) | st.lists(DATA, max_size=3),
    content=st.just(UNSET) | WORDS | st.binary(max_size=64),
    answers=st.lists(ANSWERS, min_size=1, max_size=3).map(tuple),
)


@settings(deadline=None, max_examples=25)
@given(st.lists(MOCKS, min_size=1, max_size=6))
def test_the_source_is_what_ruff_would_make_of_it(tmp_path_factory, mocks):
    """Whatever was recorded; and a formatter with longer lines is no editor."""
    module = RecordedModule(tmp_path_factory.mktemp("recorded") / "orders.py")
    module.put(written("test_orders.py::test_page", mocks, ["https://api.test"], 1))
    module.write()
    ruff(module.path, "format", "--diff")
    ruff(module.path, "check", "--select", "I")
    compile(module.path.read_text(encoding="utf-8"), str(module.path), "exec")
    ruff(module.path, "format", "--line-length", "140")
    assert not RecordedModule(module.path).is_edited


def ruff(path, command, *args):
    """Run ruff as in a project without settings; nothing may be wrong."""
    line = [sys.executable, "-m", "ruff", command, "--isolated", *args, path.name]
    done = subprocess.run(line, cwd=path.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@given(DATA | st.binary())
def test_a_literal_is_the_value(value):
    """Every JSON value and all bytes, whether on one line or on many."""
    layout = literal(value)
    for source in (layout.flat(), "\n".join(layout.lines())):
        assert repr(ast.literal_eval(source)) == repr(value)


EVERYTHING = [
    PlannedMock(
        method="POST",
        url="/orders/{secret_1}/",
        query={"api_key": ANY, "tags": ["a", "b"]},
        data={"name": "chair", "price": 12.5, "password": ANY, "file": b"small"},
        answers=(
            PlannedAnswer(status_code=201, headers=(("set-cookie", "a=1"), ("set-cookie", "b=2")), body={"id": 1}),
        ),
    ),
    PlannedMock(
        method="GET",
        url="/jobs/1",
        query={},
        data=[1, {"a": ANY}],
        answers=(
            PlannedAnswer(error="ConnectError"),
            PlannedAnswer(status_code=503, headers=(("retry-after", "1"),)),
            PlannedAnswer(body={"state": "done"}),
            PlannedAnswer(body="one line of a text that is long enough\nto be broken, and another one\n", size=70),
        ),
    ),
    PlannedMock(
        method="GET",
        url="/logo.png",
        query={},
        data=UNSET,
        answers=(PlannedAnswer(headers=(("content-type", "image/png"),), body=Attached(data=b"png", suffix=".png")),),
    ),
    PlannedMock(
        method="GET",
        url="/",
        query={},
        data=UNSET,
        content="plain words",
        answers=(PlannedAnswer(error="ReadTimeout"),),
    ),
]


def test_type_checkers_accept_what_is_written(tmp_path):
    """tests/typing/pass_recorded.py is such a file, which mypy and pyright read there in their strict modes."""
    module = RecordedModule(tmp_path / "pass_recorded.py")
    module.put(written("test_orders.py::test_page", EVERYTHING, ["https://api.test"], 1))
    module.write()
    shown = (ROOT / "tests" / "typing" / "pass_recorded.py").read_text(encoding="utf-8")
    made = module.path.read_text(encoding="utf-8")
    assert checksum(shown, {}) == checksum(made, {}), made


@pytest.mark.parametrize(
    ("test", "name"),
    [
        ("tests/test_orders.py::test_page", "page"),
        ("test_orders.py::TestOrders::test_page", "orders_page"),
        ("test_orders.py::TestShopOrders::test_page[1-asc]", "shop_orders_page_1_asc"),
        ("test_orders.py::test_path[a::b]", "path_a_b"),
        ("test_orders.py::test_list", "list_"),
        ("test_orders.py::test_class", "class_"),
        ("test_orders.py::test_match_query", "match_query_"),
        ("test_orders.py::test_testing_mode", "case_testing_mode"),
        ("test_orders.py::test_404", "case_404"),
        ("test_orders.py::test", "case"),
        ("test_orders.py::testThing", "thing"),
    ],
)
def test_a_function_is_named_after_its_test(test, name):
    """A name that can be imported into a test module: no keyword, no builtin, nothing that pytest would collect."""
    assert function_name(test) == name
