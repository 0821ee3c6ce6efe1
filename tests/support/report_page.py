"""The page of a report, taken apart."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """A page taken apart: its elements, and the text in each."""

    VOID = frozenset(("meta", "link", "input", "br"))

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.texts = []
        self._open = []
        self.feed(text)
        self.close()
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append((tag, len(self.texts)))

    def handle_endtag(self, tag):
        opened, _ = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"

    def handle_data(self, data):
        self.texts.append((self._open[-1][0] if self._open else "", data))

    def all(self, tag, **wanted):
        """The attributes of all elements of a kind."""
        return [a for t, a in self.elements if t == tag and all(a.get(k.rstrip("_")) == v for k, v in wanted.items())]

    @property
    def text(self):
        """What a reader sees."""
        return "\n".join(text for tag, text in self.texts if tag not in ("style", "script"))
