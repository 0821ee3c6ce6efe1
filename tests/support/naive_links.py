"""A reading of ``Link`` headers to compare with: RFC 8288, appendix B, step by step and letter by letter.

It shares nothing with the product. Three rules go beyond the appendix, which gives the rest of a header up where these
go on after the next comma: before what is no ``<``; at a ``<`` that finds no ``>`` before another ``<``; behind a
parameter that no ``;`` or ``,`` follows. A link without relations is left out.
"""

from __future__ import annotations


class Text:
    """What is left to read."""

    def __init__(self, text):
        self.left = list(text)

    def next_is(self, letters):
        return bool(self.left) and self.left[0] in letters

    def take(self):
        return self.left.pop(0)

    def take_while(self, letters):
        taken = ""
        while self.next_is(letters):
            taken += self.take()
        return taken

    def take_until(self, letters):
        taken = ""
        while self.left and not self.next_is(letters):
            taken += self.take()
        return taken


def read_links(text):
    """The links of a header: [(target, {relations in order}, [(name, value)])]."""
    field, links = Text(text), []
    while field.left:
        field.take_while(" \t,")
        if not field.left:
            break
        if field.take() != "<":
            field.take_until(",")
            continue
        target = field.take_until("<>")
        if not field.next_is(">"):
            field.take_until(",")
            continue
        field.take()
        parameters = read_parameters(field)
        field.take_until(",")
        relations = []
        for name, value in parameters:
            if name == "rel":
                relations = [word.lower() for word in value.replace("\t", " ").split(" ") if word]
                break
        if relations:
            links.append((target, relations, parameters))
    return links


def read_parameters(field):
    """Appendix B.3."""
    parameters = []
    while field.left:
        field.take_while(" \t")
        if not field.next_is(";"):
            return parameters
        field.take()
        field.take_while(" \t")
        name = field.take_until(" \t=;,")
        field.take_while(" \t")
        value = ""
        if field.next_is("="):
            field.take()
            field.take_while(" \t")
            value = read_quoted(field) if field.next_is('"') else field.take_until(";,").rstrip(" \t")
            if name.endswith("*"):
                value = read_extended(value)
        elif name.endswith("*"):
            value = None
        if name and value is not None:
            parameters.append((name.lower(), value))
        field.take_while(" \t")
        if field.next_is(","):
            return parameters
    return parameters


def read_quoted(field):
    """Appendix B.4."""
    output = ""
    field.take()
    while field.left:
        letter = field.take()
        if letter == "\\":
            if not field.left:
                return output
            output += field.take()
        elif letter == '"':
            return output
        else:
            output += letter
    return output


def read_extended(value):
    """RFC 8187, with ISO-8859-1 of RFC 5987; None for what is not."""
    parts = value.split("'", 2)
    if len(parts) != 3 or parts[0].lower() not in ("utf-8", "iso-8859-1"):
        return None
    octets, text = [], parts[2]
    while text:
        if text[0] == "%":
            digits = text[1:3]
            if len(digits) != 2 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
                return None
            octets.append(int(digits, 16))
            text = text[3:]
        else:
            octets.extend(text[0].encode())
            text = text[1:]
    try:
        return bytes(octets).decode(parts[0].lower())
    except UnicodeDecodeError:
        return None
