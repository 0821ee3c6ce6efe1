"""The client floor: the one object that users hold."""
