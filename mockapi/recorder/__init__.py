"""Mocks from what a real service answered: recorded in a run of the tests, or loaded from a HAR file."""
