"""Which elements a query finds, and what it says when it does not find what it wants."""

import re

import pytest

from mockapi.render import ElementNotFound, MultipleElementsFound, Queries
from mockapi.render.html_elements import HtmlElement
from mockapi.render.printing import MAX_TEXT, printed


def el(tag, *children, **attributes):
    """An element: ``el("a", "text", href="/")``; an underscore in a name is a hyphen."""
    element = HtmlElement(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    for child in children:
        element.append(child)
    return element


def page(*children):
    root = el("", *children)
    return Queries(lambda: root)


def test_a_text_is_all_of_the_text_with_its_whitespace_folded():
    queries = page(el("p", "  Hello\n   ", el("b", "World"), " "))
    assert queries.get_by_text("Hello World").tag == "p"
    assert queries.get_by_text(" Hello  World ").tag == "p"
    assert queries.query_by_text("Hello") is None


def test_a_pattern_is_found_anywhere_in_a_text():
    assert page(el("p", "Count: 12")).get_by_text(re.compile(r"\d+")).tag == "p"


def test_of_elements_in_one_another_the_deepest_is_found():
    queries = page(el("div", el("p", el("b", "Apollo"))))
    assert queries.get_by_text("Apollo").tag == "b"
    assert [one.tag for one in queries.query_all_by_text(re.compile("Apollo"))] == ["b"]


def test_scripts_and_styles_have_no_text_for_people():
    assert page(el("script", "Apollo"), el("style", "Apollo")).query_all_by_text(re.compile("Apollo")) == []


def test_get_wants_exactly_one_and_shows_the_screen_otherwise():
    queries = page(el("ul", el("li", "Apollo"), el("li", "Apollo")))
    with pytest.raises(ElementNotFound, match="there is no element with the text 'Gemini'") as missing:
        queries.get_by_text("Gemini")
    assert missing.value.count == 0
    assert str(missing.value).endswith("<ul>\n  <li>Apollo</li>\n  <li>Apollo</li>\n</ul>")
    with pytest.raises(MultipleElementsFound, match="there are 2 elements where one was looked for") as several:
        queries.get_by_text("Apollo")
    assert several.value.count == 2
    assert "<li>Apollo</li>" in str(several.value)


def test_query_is_one_or_none_and_refuses_several():
    queries = page(el("p", "Apollo"), el("p", "Apollo"), el("p", "Gemini"))
    assert queries.query_by_text("Gemini").text == "Gemini"
    assert queries.query_by_text("Mercury") is None
    assert queries.query_by_role("link") is None
    with pytest.raises(MultipleElementsFound):
        queries.query_by_text("Apollo")
    with pytest.raises(MultipleElementsFound):
        queries.query_by_role("paragraph")


def test_the_all_forms_are_lists_and_get_all_is_never_empty():
    queries = page(el("p", "Apollo"), el("p", "Gemini"))
    assert [one.text for one in queries.get_all_by_text(re.compile("."))] == ["Apollo", "Gemini"]
    assert [one.text for one in queries.get_all_by_role("paragraph")] == ["Apollo", "Gemini"]
    assert queries.query_all_by_role("link") == []
    with pytest.raises(ElementNotFound):
        queries.get_all_by_text("Mercury")
    with pytest.raises(ElementNotFound):
        queries.get_all_by_role("link")


def test_a_role_with_a_name_finds_the_element_that_is_called_so():
    queries = page(el("button", "Save"), el("button", "Cancel"))
    assert queries.get_by_role("button", name="Save").text == "Save"
    assert queries.get_by_role("button", name=re.compile("^can", re.IGNORECASE)).text == "Cancel"


def test_a_missing_role_says_what_there_is_instead():
    queries = page(el("button", "Save"), el("p", "x"))
    with pytest.raises(ElementNotFound, match="role 'button' and the name 'Send'.* are named 'Save'"):
        queries.get_by_role("button", name="Send")
    with pytest.raises(ElementNotFound, match="Roles that are there: button, paragraph"):
        queries.get_by_role("link", name=re.compile("x"))
    with pytest.raises(ElementNotFound, match="Nothing there has a role"):
        page("text").get_by_role("link")


def test_what_is_hidden_has_no_role_to_be_found_by():
    hidden = el("div", el("button", "Save"), aria_hidden="true")
    styled = el("button", "Save", style={"display": "none"})
    queries = page(hidden, styled, el("button", "Save", hidden=True), el("input", type="hidden"))
    assert queries.query_all_by_role("button") == []


def test_within_looks_inside_one_element_only():
    first, second = el("section", el("p", "Apollo"), title="one"), el("section", el("p", "Apollo"), title="two")
    queries = page(first, second)
    inner = queries.within(queries.get_by_role("region", name="two"))
    assert inner.get_by_text("Apollo") is second.children[0]
    assert str(inner).startswith('<section title="two">')


def test_a_tree_is_printed_with_its_attributes_and_events():
    field = HtmlElement("input", {"disabled": True, "checked": False, "value": "x"}, events=["onInput"])
    text = printed(el("div", el("p", "a ", el("b", "b")), field, " ", id="box"))
    assert text.splitlines() == [
        '<div id="box">',
        "  <p>",
        "    a",
        "    <b>b</b>",
        "  </p>",
        '  <input disabled value="x" onInput />',
        "</div>",
    ]


def test_a_long_text_gets_lines_of_its_own():
    assert printed(el("p", "word " * 30)).splitlines()[0] == "<p>"


def test_an_empty_screen_says_so_and_a_huge_one_is_cut():
    assert printed(el("")) == "(nothing is on the screen)"
    text = printed(el("p", "x" * 2 * MAX_TEXT))
    assert len(text) < MAX_TEXT + 100
    assert text.endswith("more characters ...")
