"""Components and hooks in tests, in the words of Testing Library: render, find, click, wait.

Frameworks are loaded when something of them is rendered.
"""

from __future__ import annotations

from .backends import Backend, Wrapper
from .blocking import BlockingScreen
from .commits import Commits
from .elements import Element
from .errors import (
    ElementNotFound,
    MultipleElementsFound,
    StaleElementError,
    UnsupportedActionError,
    WaitTimeoutError,
)
from .hooks import BlockingHook, RenderedHook, render_hook
from .playwright_backend import render_page
from .queries import Queries, TextMatch
from .rendering import render
from .screen import Screen
from .waiting import wait_for

__all__ = [
    "render",
    "render_hook",
    "render_page",
    "wait_for",
    "Screen",
    "BlockingScreen",
    "Queries",
    "RenderedHook",
    "BlockingHook",
    "Element",
    "TextMatch",
    "ElementNotFound",
    "MultipleElementsFound",
    "WaitTimeoutError",
    "StaleElementError",
    "UnsupportedActionError",
    "Backend",
    "Commits",
    "Wrapper",
]
