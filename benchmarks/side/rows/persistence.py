"""Saving a client as text, and restoring another one from that."""

from query import MemoryStorage, create_storage_persister, persist_query_client_restore, persist_query_client_save

from ..row import Case, Topic, row
from ..samples import filled, new_client, prove_filled


class Persistence(Topic):
    """Ten thousand queries with small data, to memory."""

    sizes = (10_000,)

    @row("persist/roundtrip_{size}")
    def roundtrip(self) -> Case:
        """Save all, and restore all."""
        client, targets = filled(range(self.size)), [new_client()]
        persister = create_storage_persister(MemoryStorage(), throttle_time=0)

        def prepare() -> None:
            targets.pop().clear()
            targets.append(new_client())

        async def run(_: int) -> None:
            await persist_query_client_save(client, persister)
            await persist_query_client_restore(targets[0], persister)

        return Case(
            run, lambda: prove_filled(targets[0], self.size), per=self.size, times=1, prepare=prepare, samples=5
        )
