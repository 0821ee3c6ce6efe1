"""The one-line forms of registering: ``mock_api_client.get("/projects/", [])``."""

from __future__ import annotations

from typing_extensions import Unpack

from query.base.types import UNSET

from .bodies import Body
from .mock_options import ResponseOptions, Url
from .responses import ResponseMock


class Verbs:
    """Registering by the name of the method."""

    def _answer_to(self, method: str, url: Url, body: Body, options: ResponseOptions) -> ResponseMock:
        raise NotImplementedError

    def get(self, url: Url, body: Body = UNSET, **options: Unpack[ResponseOptions]) -> ResponseMock:
        """Answer GET requests, as ``add_mock_response`` does.

        Args:
            url: What it takes.
            body: What to answer.
            **options: See ``ResponseOptions``.
        """
        return self._answer_to("GET", url, body, options)

    def post(self, url: Url, body: Body = UNSET, **options: Unpack[ResponseOptions]) -> ResponseMock:
        """Answer POST requests, as ``add_mock_response`` does.

        Args:
            url: What it takes.
            body: What to answer.
            **options: See ``ResponseOptions``.
        """
        return self._answer_to("POST", url, body, options)

    def put(self, url: Url, body: Body = UNSET, **options: Unpack[ResponseOptions]) -> ResponseMock:
        """Answer PUT requests, as ``add_mock_response`` does.

        Args:
            url: What it takes.
            body: What to answer.
            **options: See ``ResponseOptions``.
        """
        return self._answer_to("PUT", url, body, options)

    def patch(self, url: Url, body: Body = UNSET, **options: Unpack[ResponseOptions]) -> ResponseMock:
        """Answer PATCH requests, as ``add_mock_response`` does.

        Args:
            url: What it takes.
            body: What to answer.
            **options: See ``ResponseOptions``.
        """
        return self._answer_to("PATCH", url, body, options)

    def delete(self, url: Url, body: Body = UNSET, **options: Unpack[ResponseOptions]) -> ResponseMock:
        """Answer DELETE requests, as ``add_mock_response`` does.

        Args:
            url: What it takes.
            body: What to answer.
            **options: See ``ResponseOptions``.
        """
        return self._answer_to("DELETE", url, body, options)

    def head(self, url: Url, body: Body = UNSET, **options: Unpack[ResponseOptions]) -> ResponseMock:
        """Answer HEAD requests, as ``add_mock_response`` does.

        Args:
            url: What it takes.
            body: What to answer.
            **options: See ``ResponseOptions``.
        """
        return self._answer_to("HEAD", url, body, options)

    def options(self, url: Url, body: Body = UNSET, **options: Unpack[ResponseOptions]) -> ResponseMock:
        """Answer OPTIONS requests, as ``add_mock_response`` does.

        Args:
            url: What it takes.
            body: What to answer.
            **options: See ``ResponseOptions``.
        """
        return self._answer_to("OPTIONS", url, body, options)

    def query(self, url: Url, body: Body = UNSET, **options: Unpack[ResponseOptions]) -> ResponseMock:
        """Answer QUERY requests, a GET with a body, as ``add_mock_response`` does.

        Args:
            url: What it takes.
            body: What to answer.
            **options: See ``ResponseOptions``.
        """
        return self._answer_to("QUERY", url, body, options)
