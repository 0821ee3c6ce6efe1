"""Roles of HTML elements."""

import pytest

from mockapi.render.html_elements import HtmlElement


def el(tag, *children, **attributes):
    element = HtmlElement(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    for child in children:
        element.append(child)
    return element


@pytest.mark.parametrize(
    ("element", "role"),
    [
        (el("button"), "button"),
        (el("div"), None),
        (el("span", role="status"), "status"),
        (el("div", role="tab button"), "tab"),
        (el("li", role="presentation"), None),
        (el("a", "text"), None),
        (el("a", "text", href="/"), "link"),
        (el("h3"), "heading"),
        (el("ul"), "list"),
        (el("nav"), "navigation"),
        (el("aside"), "complementary"),
        (el("tr"), "row"),
        (el("td"), "cell"),
        (el("th"), "columnheader"),
        (el("th", scope="row"), "rowheader"),
        (el("img", alt="logo"), "img"),
        (el("img", alt=""), None),
        (el("img"), "img"),
        (el("section"), None),
        (el("section", aria_label="Projects"), "region"),
        (el("textarea"), "textbox"),
        (el("select"), "combobox"),
        (el("select", multiple=True), "listbox"),
        (el("select", size=4), "listbox"),
        (el("option"), "option"),
        (el("progress"), "progressbar"),
        (el("output"), "status"),
        (el("fieldset"), "group"),
        (el("input"), "textbox"),
        (el("input", type="email"), "textbox"),
        (el("input", list="names"), "textbox"),
        (el("input", type="search"), "searchbox"),
        (el("input", type="checkbox"), "checkbox"),
        (el("input", type="radio"), "radio"),
        (el("input", type="number"), "spinbutton"),
        (el("input", type="range"), "slider"),
        (el("input", type="submit"), "button"),
        (el("input", type="password"), None),
        (el("input", type="hidden"), None),
        (el("header"), "banner"),
        (el("footer"), "contentinfo"),
    ],
    ids=repr,
)
def test_the_role_of_an_element(element, role):
    """What the attribute says, else what the tag implies."""
    assert element.role == role


@pytest.mark.parametrize("around", ["article", "aside", "main", "nav", "section"])
@pytest.mark.parametrize("tag", ["header", "footer"])
def test_a_header_inside_a_section_is_no_landmark(around, tag):
    inner = el(tag)
    el(around, el("div", inner))
    assert inner.role is None


def test_an_input_with_a_list_of_suggestions_is_a_combobox():
    field = el("input", list="names")
    el("", field, el("datalist", id="names"))
    assert field.role == "combobox"
