"""The base floor: pure words, records and rules; no loop, no clock, no I/O."""
