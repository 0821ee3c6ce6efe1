"""What happens to a cache, drawn: steps that the cache and the model can both take."""

from __future__ import annotations

from hypothesis import strategies as st
from model import GC_TIME
from subjects import Failure

KEYS = [("a",), ("a", 1), ("b",)]
NAMES = ["x", "y"]

keys = st.sampled_from(KEYS)
prefixes = st.sampled_from([(), ("a",), ("a", 1), ("b",)])
stale_times = st.sampled_from([0, 5, float("inf")])
numbers = st.integers(0, 5)

steps = st.one_of(
    st.tuples(st.just("fetch"), keys, stale_times),
    st.tuples(st.just("observe"), st.sampled_from(NAMES), keys, st.booleans() | st.just(True), stale_times),
    st.tuples(st.just("unobserve"), st.sampled_from(NAMES)),
    st.tuples(st.just("answer"), numbers),
    st.tuples(st.just("answer"), numbers),
    st.tuples(st.just("fail"), numbers),
    st.tuples(st.just("write"), keys),
    st.tuples(st.just("invalidate"), prefixes, st.booleans()),
    st.tuples(st.just("cancel"), prefixes),
    st.tuples(st.just("reset"), prefixes),
    st.tuples(st.just("remove"), prefixes),
    st.tuples(st.just("advance"), st.sampled_from([1, 4, 5, GC_TIME - 1, GC_TIME])),
    st.tuples(st.just("set_online"), st.booleans()),
)
stories = st.lists(steps, min_size=3, max_size=14)


class Player:
    """Takes the steps of a story on one subject, and remembers which attempts are open."""

    def __init__(self, subject):
        self.subject = subject
        self.serial = 0
        self.done = set()
        self.watching = set()

    def take(self, step):
        """Take one step; one without a subject does nothing, so that any part of a story is a story."""
        name, *arguments = step
        if name in ("answer", "fail"):
            waiting = [n for n in range(len(self.subject.attempts)) if n not in self.done]
            if not waiting:
                return
            number = waiting[arguments[0] % len(waiting)]
            self.done.add(number)
            self.serial += 1
            self.subject.answer(number, self.serial) if name == "answer" else self.subject.fail(
                number, ERRORS[self.serial % len(ERRORS)]
            )
        elif name == "write":
            self.serial += 1
            self.subject.write(arguments[0], self.serial)
        elif name == "observe":
            if arguments[0] not in self.watching:
                self.watching.add(arguments[0])
                self.subject.observe(*arguments)
        elif name == "unobserve":
            self.watching.discard(arguments[0])
            self.subject.unobserve(*arguments)
        else:
            getattr(self.subject, name)(*arguments)


ERRORS = [Failure(number) for number in range(3)]


def play(subject, story):
    """Take all steps of a story, and say where it is after each: a list of (step, views before, views after)."""
    player = Player(subject)
    told = []
    for step in story:
        before = {key: subject.view(key) for key in subject.keys()}
        player.take(step)
        told.append((step, before, {key: subject.view(key) for key in subject.keys()}))
    return told
