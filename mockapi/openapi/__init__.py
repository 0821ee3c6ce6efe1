"""Mocks and requests that keep to an OpenAPI description. Imported only when a description is configured.

From the bottom up: ``documents`` (files and references), ``schemas`` (validators), ``servers`` and ``routes`` (URLs),
``parameters`` and ``content`` (parts of a message), ``operations``, ``examples``, ``description``, ``coverage``,
``checking``.
"""
