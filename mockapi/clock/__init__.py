"""Virtual time: hours of a test in milliseconds, each instant exactly when the test wants it.

The clock is in ``virtual_clock``; ``mock_clock`` is the one of the fixture. ``timeline`` holds its timers, ``takeover``
an event loop whose time it tells, and ``standstill`` says who waits for what when time stands still.
"""
