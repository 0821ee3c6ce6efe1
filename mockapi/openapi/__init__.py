"""Mocks and requests that keep to an OpenAPI description. Imported only when a description is configured.

From the bottom up: ``query.openapi`` (files and references), ``schemas`` (validators), ``routes`` (servers and URLs),
``parameters`` and ``content`` (parts of a message), ``operations``, ``examples``, ``description``, ``coverage``,
``checking``.
"""
