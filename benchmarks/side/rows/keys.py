"""What a key costs, by itself."""

from itertools import repeat

from query import hash_key, partial_match_key

from ..row import Case, Topic, calling, row, same
from ..samples import Key, typical_key


def _hashing(key: Key) -> Case:
    def prove() -> None:
        same(hash_key(key), hash_key(list(key)), "the hash of an equal key")
        same(hash_key(key) == hash_key([*key, 0]), False, "whether another key has the hash")

    return calling(hash_key, key, prove)


class Keys(Topic):
    """Hashes and partial matches."""

    @row("hash_key/typical")
    def typical(self) -> Case:
        """A path and an object with the query."""
        return _hashing(typical_key())

    @row("hash_key/flat")
    def flat(self) -> Case:
        """A text and a number."""
        return _hashing(["todos", 5])

    @row("hash_key/nested")
    def nested(self) -> Case:
        """An object within an object."""
        return _hashing(["todos", "list", {"page": 1, "filter": "done", "sort": {"by": "name", "dir": "asc"}}, 7])

    @row("partial_match_key/typical")
    def partial(self) -> Case:
        """Whether a key has the parts of another."""
        key, wanted = typical_key(), ["/projects/", {"query": {"cursor": "x"}}]

        def run(times: int) -> None:
            for _ in repeat(None, times):
                partial_match_key(key, wanted)

        def prove() -> None:
            same(partial_match_key(key, wanted), True, "whether the parts match")
            same(partial_match_key(wanted, key), False, "whether the whole matches its part")

        return Case(run, prove)
