"""What asyncio and httpx take by themselves, for goals that are told in that."""

import asyncio
from itertools import repeat

import httpx

from ..row import Case, Topic, row, same
from ..samples import item

TASKS = 1000


async def _suspend() -> int:
    await asyncio.sleep(0)
    return 1


class Floors(Topic):
    """Nothing of ours."""

    is_ours_alone = True

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.requests = 0

    @row("floor/task_one_suspend")
    def task(self) -> Case:
        """A task that suspends once, awaited: what a fetch of a function that suspends cannot do without."""

        async def run(times: int) -> None:
            loop = asyncio.get_running_loop()
            for _ in repeat(None, times):
                await loop.create_task(_suspend())

        async def prove() -> None:
            same(await asyncio.create_task(_suspend()), 1, "what the task returned")

        return Case(run, prove)

    @row("floor/gather_1000_tasks_per_task")
    def gather(self) -> Case:
        """Tasks that suspend once, gathered."""

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                await asyncio.gather(*[_suspend() for _ in range(TASKS)])

        async def prove() -> None:
            same(sum(await asyncio.gather(*[_suspend() for _ in range(TASKS)])), TASKS, "tasks that returned")

        return Case(run, prove, per=TASKS)

    @row("floor/mock_transport_get_json")
    def request(self) -> Case:
        """One GET of httpx over its own MockTransport, and its JSON: the least that a mocked request can cost."""

        def answer(_: httpx.Request) -> httpx.Response:
            self.requests += 1
            return httpx.Response(200, json=item(1))

        client = httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="https://api.test")

        async def run(times: int) -> None:
            for _ in repeat(None, times):
                (await client.get("/projects/", params={"cursor": "x", "per_page": 25})).json()

        async def prove() -> None:
            self.requests = 0
            same((await client.get("/projects/")).json(), item(1), "the JSON")
            same(self.requests, 1, "requests")

        return Case(run, prove)
