"""Hooks for user interfaces: one room for each framework, such as ``query.ui.reactpy``. Nothing is loaded here."""
