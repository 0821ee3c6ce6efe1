"""OpenAPI documents: files, references and places in them, and what in them every reader asks for.

``query.api.generate`` reads types from them, the mock holds requests and answers against them. Both stand on this
floor, so that a document that one of them accepts is read alike by the other.
"""
