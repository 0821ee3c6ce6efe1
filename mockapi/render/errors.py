"""What goes wrong on a screen."""

from __future__ import annotations


class ElementNotFound(LookupError):  # noqa: N818 - Testing Library's word
    """No element, or not exactly one, is what a query looks for. The message shows the screen.

    Attributes:
        looked_for: What that is, in words, such as ``"an element with the text 'Apollo'"``.
        count: How many there are.
        screen: The screen, as text.
    """

    def __init__(self, looked_for: str, count: int, screen: str, hint: str = "", logs: str = "") -> None:
        self.looked_for = looked_for
        self.count = count
        self.screen = screen
        self._hint = hint
        said = " ".join(filter(None, [self._said(), hint]))
        super().__init__("\n\n".join(filter(None, [said, screen, logs])))

    def after(self, timeout: float, logs: str) -> ElementNotFound:
        """The same error of a query that waited.

        Args:
            timeout: For how many seconds it did.
            logs: What happened in the test until then, as text.
        """
        waited = f"It was waited for {timeout:g} s."
        return type(self)(self.looked_for, self.count, self.screen, " ".join(filter(None, [self._hint, waited])), logs)

    def _said(self) -> str:
        return f"there is no {self.looked_for}."


class MultipleElementsFound(ElementNotFound):
    """Several elements are what a query for one looks for."""

    def _said(self) -> str:
        return (
            f"there are {self.count} elements where one was looked for: {self.looked_for}. Say more exactly which one, "
            "look inside another with within(), or ask for all."
        )


class WaitTimeoutError(AssertionError):
    """A condition did not hold in time. Its cause is how it failed at last; the message shows the screen.

    Attributes:
        timeout: For how many seconds it was waited for.
        logs: What the test sent, and what happened to its queries, as text.
    """

    def __init__(self, said: str, timeout: float, screens: str = "", logs: str = "") -> None:
        self.timeout = timeout
        self.logs = logs
        super().__init__("\n\n".join(filter(None, [said, screens, logs])))


class UnsupportedActionError(TypeError):
    """A user interface cannot be rendered, or this kind of it cannot do what was asked."""


class StaleElementError(RuntimeError):
    """An element is no longer on the screen, so nobody can click or type there. Get it again."""
