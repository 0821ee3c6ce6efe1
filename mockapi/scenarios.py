"""Scenarios: a state that mocks ask about and change, so that a service can be told as a story."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec

StateT = TypeVar("StateT")


class Scenario(Generic[StateT]):
    """A state by name. Mocks answer only in some states, and move it on when they answer.

    ::

        order = mock_api_client.scenario("order", start="new")
        mock_api_client.get("/order/", {"state": "new"}, when=order.at("new"))
        mock_api_client.post("/order/pay/", when=order.at("new"), then=order.go("paid"))
        mock_api_client.get("/order/", {"state": "paid"}, when=order.at("paid"))

    Args:
        name: For messages.
        start: The state in which it begins.
        states: All states that there are; those of *start*'s Enum by default, else any value will do.

    Attributes:
        name: The name.
        state: The state now.
    """

    def __init__(self, name: str, start: StateT, states: Iterable[StateT] | None = None) -> None:
        known = list(type(start)) if states is None and isinstance(start, Enum) else states
        self.name = name
        self._known: list[Any] | None = None if known is None else list(known)
        self._start: StateT = self._checked(start)
        self._state: StateT = start
        self._lock = threading.Lock()

    @property
    def state(self) -> StateT:
        """The state now; may be set."""
        return self._state

    @state.setter
    def state(self, state: StateT) -> None:
        self._state = self._checked(state)

    def at(self, *states: StateT) -> When[StateT]:
        """For ``when=``: the mock answers only in these states.

        Args:
            *states: One or several.

        Raises:
            ValueError: None given, or one that the scenario does not have.
        """
        if not states:
            raise ValueError(f'{self!r}.at() names no state; expected one or several, such as at("paid").')
        return When(self, tuple(self._checked(state) for state in states))

    def go(self, state: StateT) -> Then[StateT]:
        """For ``then=``: the state after the mock was asked for its answer.

        Args:
            state: The state.

        Raises:
            ValueError: One that the scenario does not have.
        """
        return Then(self, self._checked(state))

    def reset(self) -> None:
        """Go back to the start."""
        self._state = self._start

    def move(self, when: When[Any] | None, then: Then[Any] | None) -> bool:
        """Go to the state of *then* if it is one of *when*'s, in one step.

        Args:
            when: The states in which that may be; None for any.
            then: The next state; None to stay.

        Returns:
            Whether the state was right.
        """
        with self._lock:
            if when is not None and when.scenario is self and self._state not in when.states:
                return False
            if then is not None and then.scenario is self:
                self._state = then.state
            return True

    def _checked(self, state: StateT) -> StateT:
        if self._known is not None and state not in self._known:
            known = ", ".join(map(repr, self._known))
            raise ValueError(f"the scenario {self.name!r} has no state {state!r}. It has: {known}.")
        return state

    def __repr__(self) -> str:
        return f"<Scenario {self.name!r} at {self._state!r}>"


class When(msgspec.Struct, Generic[StateT], frozen=True):
    """In which states a mock answers.

    Attributes:
        scenario: Whose states.
        states: The states.
    """

    scenario: Scenario[StateT]
    states: tuple[StateT, ...]

    @property
    def holds(self) -> bool:
        """Whether the scenario is in one of them."""
        return self.scenario.state in self.states

    @property
    def reason(self) -> str:
        """Why it does not hold, for messages."""
        wanted = " or ".join(map(repr, self.states))
        return f"wanted the scenario {self.scenario.name!r} at {wanted}, it is at {self.scenario.state!r}"


class Then(msgspec.Struct, Generic[StateT], frozen=True):
    """The state to which a mock moves a scenario.

    Attributes:
        scenario: The scenario.
        state: The next state.
    """

    scenario: Scenario[StateT]
    state: StateT


def checked_states(when: Any, then: Any) -> tuple[When[Any] | None, Then[Any] | None]:
    """What was given as ``when=`` and ``then=``.

    Args:
        when: What ``scenario.at`` returns, or None.
        then: What ``scenario.go`` returns, or None.

    Raises:
        TypeError: Something else.
    """
    if when is not None and not isinstance(when, When):
        raise TypeError(f"when={when!r} is no state of a scenario; expected scenario.at(...).")
    if then is not None and not isinstance(then, Then):
        raise TypeError(f"then={then!r} is no step of a scenario; expected scenario.go(...).")
    return when, then
