"""The report of a run: what was sent, what answered, and what is left to do. Loaded only when one is asked for."""
