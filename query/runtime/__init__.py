"""The runtime floor: the event loop, time, and the signals of the outside world."""
