"""Small servers that give rows page by page, each in the manner of some API."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from query.api import cursor_in_body, link_pages, next_url_in_body, offset_pages, page_number

SIZE = 3
URL = "https://api.test/rows/"


class PageServer:
    """Answers requests for ``/rows/``.

    Args:
        style: Which manner.
        pages: How many pages there are.
    """

    def __init__(self, style, pages):
        self.pages = pages
        self.answer = getattr(self, style)
        self.strategy = STRATEGIES[style]
        self.asked = []

    def rows(self, index):
        """The rows of a page; none beyond the ends."""
        return [index * SIZE + row for row in range(SIZE)] if 0 <= index < self.pages else []

    def handle(self, url):
        """JSON and headers for a URL."""
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        assert query.pop("sort", None) == "name", "each page is asked for with the query of the first"
        json, headers = self.answer(query)
        self.asked.append(url)
        return json, headers

    def url(self, **query):
        return f"{URL}?{urlencode({'sort': 'name', **query})}"

    def sentry(self, query):
        index = int(query.get("cursor", "0:0:0").split(":")[1])
        links = []
        for rel, other in [("previous", index - 1), ("next", index + 1)]:
            cursor = f"0:{other}:{int(rel == 'previous')}"
            results = "true" if self.rows(other) else "false"
            links.append(f'<{self.url(cursor=cursor)}>; rel="{rel}"; results="{results}"; cursor="{cursor}"')
        return self.rows(index), {"Link": ", ".join(links), "X-Hits": str(self.pages * SIZE)}

    def cursor_beside(self, query):
        # the cursor is said beside the URL alone
        index = int(query.get("cursor", 0))
        links = [f'<{self.url()}>; rel={rel}; cursor="{other}"' for rel, other in self.neighbours(index)]
        return self.rows(index), {"Link": ", ".join(links)}

    def github(self, query):
        # another path, and no word of what is not there
        index = int(query.get("page", 1)) - 1
        links = [
            f'<https://api.test/by-id/7/?{urlencode({"sort": "name", "page": other + 1})}>; rel="{rel}"'
            for rel, other in self.neighbours(index)
        ]
        return self.rows(index), {"Link": ", ".join(links)} if links else {}

    def neighbours(self, index):
        return [(rel, other) for rel, other in [("prev", index - 1), ("next", index + 1)] if self.rows(other)]

    def numbered(self, query):
        assert query["per_page"] == str(SIZE)
        return {"meta": {"total_pages": self.pages}, "rows": self.rows(int(query["page"]) - 1)}, {}

    def numbered_by_hits(self, query):
        return self.rows(int(query["p"])), {"X-Hits": str(self.pages * SIZE)}

    def numbered_open(self, query):
        return {"data": {"rows": self.rows(int(query["page"]) - 1)}}, {}

    def offset(self, query):
        assert query["limit"] == str(SIZE)
        return {"items": self.rows(int(query["offset"]) // SIZE), "total": str(self.pages * SIZE)}, {}

    def offset_open(self, query):
        return self.rows(int(query["skip"]) // SIZE), {}

    def django(self, query):
        index = int(query.get("page", 1)) - 1
        named = {rel: self.url(page=other + 1) for rel, other in self.neighbours(index)}
        return {"next": named.get("next"), "previous": named.get("prev"), "results": self.rows(index)}, {}

    def relative(self, query):
        index = int(query.get("from", 0))
        named = {rel: f"?sort=name&from={other}" for rel, other in self.neighbours(index)}
        return {"links": named, "rows": self.rows(index)}, {}

    def cursors(self, query):
        index = int(query.get("cursor", "c0")[1:])
        named = dict(self.neighbours(index))
        cursors = {rel: f"c{named[rel]}" if rel in named else None for rel in ("next", "prev")}
        return {"meta": cursors, "rows": self.rows(index)}, {}

    def keys(self, query):
        # by the first and last row, each under a name of its own
        if "before" in query:
            index = int(query["before"]) // SIZE - 1
        else:
            index = (int(query["after"]) + 1) // SIZE if "after" in query else 0
        named = dict(self.neighbours(index))
        return {"rows": self.rows(index), "more": "next" in named, "earlier": "prev" in named}, {}


STRATEGIES = {
    "sentry": link_pages(),
    "cursor_beside": link_pages(),
    "github": link_pages(),
    "numbered": page_number(size=SIZE, total_pages="meta.total_pages", items="rows"),
    "numbered_by_hits": page_number(param="p", start=0, size=SIZE, total_items=lambda page: page.headers.hits),
    "numbered_open": page_number(items=("data", "rows")),
    "offset": offset_pages(size=SIZE, items="items", total_items="total"),
    "offset_open": offset_pages(size=SIZE, param="skip"),
    "django": next_url_in_body(),
    "relative": next_url_in_body(next="links.next", previous="links.prev"),
    "cursors": cursor_in_body("meta.next", previous="meta.prev"),
    "keys": cursor_in_body(
        lambda page: page.json["rows"][-1] if page.json["more"] else None,
        param="after",
        previous=lambda page: page.json["rows"][0] if page.json["earlier"] else None,
        previous_param="before",
    ),
}
"""How a client is told of each manner."""

ENDS_EMPTY = {"numbered_open", "offset_open"}
"""The manners in which only a page without rows tells that there is no further one."""
