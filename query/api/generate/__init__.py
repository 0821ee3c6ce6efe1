"""Typed endpoints from the backend's own description: ``python -m query.api.generate openapi.json -o myapp/backend``.

Two halves that meet in ``model``: the reading half makes a ``Backend`` of an OpenAPI document, the writing half makes
modules of a ``Backend``. Nothing here is imported by a program that calls an API; it runs when the modules are made.
"""
