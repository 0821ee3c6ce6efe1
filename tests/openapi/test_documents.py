"""Documents are read from JSON and YAML alike, and every place in them can be named."""

from __future__ import annotations

import json
import sys

import pytest

from query.openapi.documents import Document, pointer, read
from query.openapi.errors import DescriptionError, MissingExtraError


def opened(path):
    return Document(read(path), path, {})


def test_json_and_yaml_are_the_same_to_a_reader(tmp_path):
    """Also numbers as keys, dates and "on", which YAML has types for."""
    (tmp_path / "a.json").write_text('{"responses": {"200": {"since": "2024-01-01", "switch": "on", "is": true}}}')
    (tmp_path / "a.yaml").write_text("responses:\n  200:\n    since: 2024-01-01\n    switch: on\n    is: true\n")
    assert read(tmp_path / "a.json") == read(tmp_path / "a.yaml")


def test_json_beyond_the_standard_is_read_as_python_reads_it(tmp_path):
    """NaN and halves of characters are no reason to refuse a whole document."""
    path = tmp_path / "a.json"
    path.write_text('{"example": NaN, "text": "\\ud800"}')
    assert str(read(path)["example"]) == "nan"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", '{"a": }', r"a\.json is no JSON: Expecting value: line 1 column 7"),
        ("a.yaml", "a: [", r"a\.yaml is no YAML: "),
        ("a.yaml", '{"a": ', r"a\.yaml is no JSON: "),
    ],
)
def test_a_file_that_is_neither_is_refused_with_the_place(tmp_path, name, text, said):
    """Line and column are the parser's."""
    (tmp_path / name).write_text(text)
    with pytest.raises(DescriptionError, match=said):
        read(tmp_path / name)


def test_yaml_without_its_package_names_the_extra(tmp_path, monkeypatch):
    """The message says what to install."""
    monkeypatch.setitem(sys.modules, "yaml", None)
    (tmp_path / "a.yaml").write_text("a: 1")
    with pytest.raises(MissingExtraError, match=r"a\.yaml, which is YAML, .*pip install 'pytest-mockapi\[openapi\]'"):
        read(tmp_path / "a.yaml")


def test_references_lead_through_files_and_anchors(tmp_path):
    """From one file into another and back, by pointer, by anchor and whole."""
    (tmp_path / "a.json").write_text(json.dumps({"x": {"$ref": "sub/b%20c.json#/y"}, "z": {"$anchor": "here", "n": 1}}))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b c.json").write_text(json.dumps({"y": {"$ref": "../a.json#here"}, "a/b": [{"~": 2}]}))
    root = opened((tmp_path / "a.json").resolve()).root

    found = root.at("x").resolved
    assert (found.where, found.at("n").value) == ("a.json#/z", 1)
    assert found.document is root.document
    assert root.follow("sub/b%20c.json#/a~1b/0/~0").where == "b c.json#/a~1b/0/~0"
    assert root.follow("sub/b%20c.json").value["y"] == {"$ref": "../a.json#here"}


@pytest.mark.parametrize(
    ("data", "said", "where"),
    [
        ({"$ref": "#/gone"}, r"#/x refers to '#/gone', and there is nothing there", "the description#/x"),
        ({"$ref": "#gone"}, r"#/x refers to '#gone', and there is nothing there", "the description#/x"),
        ({"$ref": "#/x"}, "#/x refers to itself in a circle", "the description#/x"),
        ({"$ref": "https://api.test/x.json"}, "only local files are followed. Put a copy beside it", ""),
        ({"$ref": "x.json"}, "a dict refers to the file 'x.json', and has no folder to look in", ""),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(data, said, where):
    """With the place where it stands, as an attribute too."""
    with pytest.raises(DescriptionError, match=said) as caught:
        _ = Document({"x": data}, None, {}).root.at("x").resolved
    assert caught.value.where == where


def test_a_place_holds_what_is_expected_there():
    """Else the error says what is there instead."""
    root = Document({"a": [1], "b": {"c": 1}, "d": "text", 1: None}, None, {}).root

    assert [node.where for node in root.sequence("a")] == ["the description#/a/0"]
    assert [(name, node.value) for name, node in root.mapping("b")] == [("c", 1)]
    assert root.sequence("gone") == []
    assert root.mapping("gone") == []
    assert list(root.value) == ["a", "b", "d", "1"]
    with pytest.raises(DescriptionError, match="#/a is a list; an object is expected there"):
        root.mapping("a")
    with pytest.raises(DescriptionError, match="#/d is a text; a list is expected there") as caught:
        root.sequence("d")
    assert caught.value.where == "the description#/d"


def test_a_pointer_escapes_what_would_be_read_as_its_own():
    """Slashes and tildes in keys."""
    assert pointer(("paths", "/a~b", 0)) == "/paths/~1a~0b/0"
