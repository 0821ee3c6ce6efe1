"""Reading when there are defaults for keys."""

from typing import Any

from query import QueryOptions

from ..row import Case, Topic, calling, row, same
from ..samples import new_client


class QueryDefaults(Topic):
    """Defaults for that many keys, of which none is the one that is read."""

    sizes = (0, 10, 100)

    @row("query_defaults/get_with_{n}_registered")
    def get(self) -> Case:
        """Read what the cache has."""
        client, key = new_client(), ["x", 5]
        for i in range(self.size):
            client.set_query_defaults(["d", i], QueryOptions[Any, Any](stale_time=i))
        client.set_query_data(key, 1)
        read = client.get_query_data

        def prove() -> None:
            same(read(key), 1, "the data")
            if self.size:
                same(client.get_query_defaults(["d", self.size - 1]).stale_time, self.size - 1, "a default")

        return calling(read, key, prove)
