"""Saving a client as text, and restoring another one from that."""

from query import MemoryStorage, create_storage_persister, persist_query_client_restore, persist_query_client_save

from ..row import Case, Topic, row, same
from ..samples import item, new_client


class Persistence(Topic):
    """Ten thousand queries with small data, to memory."""

    sizes = (10_000,)

    @row("persist/roundtrip_{size}")
    def roundtrip(self) -> Case:
        """Save all, and restore all."""
        client, targets = new_client(), [new_client()]
        for i in range(self.size):
            client.set_query_data(["todos", i, {"page": 1}], item(i))
        persister = create_storage_persister(MemoryStorage(), throttle_time=0)

        def prepare() -> None:
            targets.pop().clear()
            targets.append(new_client())

        async def run(_: int) -> None:
            await persist_query_client_save(client, persister)
            await persist_query_client_restore(targets[0], persister)

        def prove() -> None:
            same(len(targets[0].get_query_cache().get_all()), self.size, "queries")
            same(targets[0].get_query_data(["todos", 7, {"page": 1}]), item(7), "the data of one")

        return Case(run, prove, per=self.size, times=1, prepare=prepare, samples=5)
