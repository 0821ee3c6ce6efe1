"""The client for other threads than that of its event loop: the same methods, which wait and return data."""
