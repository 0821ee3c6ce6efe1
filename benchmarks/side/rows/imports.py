"""Loading the library, in a process that has loaded nothing else."""

import subprocess
import sys

from ..row import Figure, Topic, row, same

PROGRAM = """
import sys, time
before = set(sys.modules)
begin = time.perf_counter(), time.thread_time()
from query import QueryClient, QueryObserver, QueryOptions
taken = min(time.perf_counter() - begin[0], time.thread_time() - begin[1])
print(QueryClient.__name__, taken * 1e9, sum(name.partition(".")[0] == "query" for name in set(sys.modules) - before))
"""


def told() -> tuple[float, float]:
    """Nanoseconds, and how many modules of the library were loaded."""
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    name, taken, modules = ended.stdout.split()
    same(name, "QueryClient", "what was imported")
    return float(taken), float(modules)


class Imports(Topic):
    """A client, an observer and options, with all that these need."""

    # how many processes
    sizes = (5,)

    @row("import/time")
    def time(self) -> Figure:
        """Time, with the byte code there."""
        told()
        return Figure([told()[0] for _ in range(self.size)])


class Modules(Topic):
    """The same, counted."""

    is_ours_alone = True

    @row("import/modules")
    def modules(self) -> Figure:
        """Modules of the library itself."""
        return Figure([told()[1]], "")
