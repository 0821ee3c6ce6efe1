"""Pages: one more when there are many, and all of them anew."""

from typing import Any

from query import InfiniteData, InfiniteQueryObserver, InfiniteQueryOptions

from ..row import Case, Topic, row, same
from ..samples import FOREVER, new_client

PAGE = 25
NEXT = 5


def page(number: int) -> dict[str, Any]:
    """One page of 25 items.

    Args:
        number: Which.
    """
    return {"items": [{"id": number * PAGE + i, "t": "x"} for i in range(PAGE)]}


def following(last: object, pages: object, param: int, params: object) -> int:
    """What to ask for the next page with: there is always one.

    Args:
        last: The last page.
        pages: All pages.
        param: What the last one was asked for with.
        params: What all were.
    """
    return param + 1


class Pages(Topic):
    """An observed query of that many pages."""

    sizes = (10, 100)

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.client = new_client()
        self.calls = 0
        self.key = ["pages"]
        self.options: InfiniteQueryOptions[Any, Any, Any] = InfiniteQueryOptions(
            query_key=self.key,
            query_fn=self.load,
            initial_page_param=0,
            get_next_page_param=following,
            stale_time=FOREVER,
        )
        self.reset()
        self.observer = InfiniteQueryObserver(self.client, self.options)
        self.unsubscribe = self.observer.subscribe(lambda _: None)

    async def load(self, context: Any) -> dict[str, Any]:
        """One page, without a suspension.

        Args:
            context: Tells which.
        """
        self.calls += 1
        return page(context.page_param)

    def close(self) -> None:
        self.unsubscribe()
        self.client.clear()

    def reset(self) -> None:
        """As many pages as there are to be."""
        numbers = list(range(self.size))
        data: Any = InfiniteData(pages=[page(i) for i in numbers], page_params=numbers)
        self.client.set_query_data(self.key, data)
        self.calls = 0

    def prove(self, pages: int, calls: int) -> None:
        """Check what is there.

        Args:
            pages: How many pages.
            calls: How many calls of the query function.
        """
        data: Any = self.client.get_query_data(self.key)
        same(len(data.pages), pages, "pages")
        same((data.pages[-1], data.page_params[-1]), (page(pages - 1), pages - 1), "the last page")
        same(self.calls, calls, "calls of the query function")

    @row("infinite/fetch_next_page_at_{n}")
    def next_page(self) -> Case:
        """Append one page, and another few, so that the clock is fine enough."""

        async def run(_: int) -> None:
            for _ in range(NEXT):
                await self.observer.fetch_next_page()

        return Case(run, lambda: self.prove(self.size + NEXT, NEXT), per=NEXT, times=1, prepare=self.reset)

    @row("infinite/refetch_{n}_pages")
    def refetch(self) -> Case:
        """Fetch all pages anew; the time is that of one page."""

        async def run(_: int) -> None:
            await self.observer.refetch()

        return Case(run, lambda: self.prove(self.size, self.size), per=self.size, times=1, prepare=self.reset)
