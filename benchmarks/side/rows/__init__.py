"""The rows, a file a topic."""
