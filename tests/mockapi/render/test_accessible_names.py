"""What elements are called."""

import pytest

from mockapi.render.html_elements import HtmlElement


def el(tag, *children, **attributes):
    element = HtmlElement(tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    for child in children:
        element.append(child)
    return element


@pytest.mark.parametrize(
    ("element", "name"),
    [
        (el("button", " Save\n it "), "Save it"),
        (el("button", el("div", "Save"), el("div", "it")), "Save it"),
        (el("button", "Sa", el("b", "ve")), "Save"),
        (el("button", "x", aria_label="Close"), "Close"),
        (el("button", el("img", alt="Close")), "Close"),
        (el("button", el("span", "x", aria_label="Close")), "Close"),
        (el("button", el("span", "x", aria_hidden="true"), "Close"), "Close"),
        (el("button", title="Close"), "Close"),
        (el("a", "Home", href="/"), "Home"),
        (el("h1", "Projects"), "Projects"),
        (el("li", "Apollo"), ""),
        (el("p", "Apollo"), ""),
        (el("img", alt="Logo"), "Logo"),
        (el("input", placeholder="Your name"), "Your name"),
        (el("input", placeholder="Your name", title="Name"), "Name"),
        (el("textarea", placeholder="Text"), "Text"),
        (el("input", type="submit"), "Submit"),
        (el("input", type="reset"), "Reset"),
        (el("input", type="submit", value="Send"), "Send"),
        (el("input", type="image", alt="Go"), "Go"),
        (el("fieldset", el("legend", "Address")), "Address"),
        (el("table", el("caption", "Prices")), "Prices"),
        (el("figure", el("figcaption", "Map")), "Map"),
        (el("optgroup", label="Fruit"), "Fruit"),
        (el("section", el("h2", "Title")), ""),
        (el("div", aria_label=" ", title="Box"), "Box"),
    ],
    ids=repr,
)
def test_the_name_of_an_element(element, name):
    assert element.name == name


def test_a_label_around_a_field_names_it():
    field = el("input")
    el("", el("label", "Name ", field))
    assert field.name == "Name"


def test_a_label_for_an_id_names_it():
    field = el("input", id="name", placeholder="Ada")
    el(
        "",
        el("label", "First", for_="name"),
        el("label", "Other", for_="other"),
        field,
        el("label", "name", for_="name"),
    )
    assert field.name == "First name"


def test_elements_by_their_ids_name_another_in_the_order_of_the_ids():
    button = el("button", "Delete", aria_labelledby="what which missing")
    el("", el("span", "Apollo", id="which"), el("span", "Delete", id="what", hidden=True), button)
    assert button.name == "Delete Apollo"
