"""Mocks and requests held against a description: what ``openapi=`` turns on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from query.openapi.documents import require

from ..bodies import EXAMPLE, Content, Ready
from ..contract import RegisteredView
from ..places import sent_from
from ..requests import RequestView
from ..secrets import masked_url
from ..streams import Stream
from .description import Description, Source, load_description
from .errors import AnswerContractError, DescriptionError, ExampleError, MockContractError, RequestContractError
from .examples import body_example, header_example
from .faults import Fault, listed, rows
from .operations import Operation, Response
from .routes import Route

OPT_OUT = "To register it all the same: openapi=False."
OPT_OUT_REQUEST = "To let such requests through, register that mock with openapi=False."

_ANY_METHOD = "*"
_SENT = (Content, Stream, Ready)


class OpenApiContract:
    """Holds mocks against a description.

    Args:
        description: The description.
        base_url: Where the client's paths belong: that host is the description's, whatever its servers say.
    """

    def __init__(self, description: Description, base_url: str | None = None) -> None:
        self.description = description
        self._base_url = base_url

    @classmethod
    def of(cls, source: Source, base_url: str | None = None) -> OpenApiContract:
        """The contract of a description.

        Args:
            source: What ``load_description`` takes.
            base_url: Where the client's paths belong.

        Raises:
            DescriptionError: It cannot be used.
            MissingExtraError: The extra "openapi" is not installed.
        """
        require("jsonschema_rs", "openapi=")
        return cls(load_description(source), base_url)

    def check_mock(self, mock: RegisteredView) -> OpenApiMockContract | None:
        """What a new mock has to keep to; None if it is of another service.

        Args:
            mock: The mock.

        Raises:
            MockContractError: The description has no such path or method.
        """
        url = mock.url
        if url.regex is not None or url.path is None:
            return OpenApiMockContract(self.description, mock, None)
        segments: Sequence[Any] = url.segments if url.segments is not None else url.path.split("/")
        segments = segments[1:]
        if not all(isinstance(s, str) or hasattr(s, "fullmatch") for s in segments):
            # parts that stand for several: known when a request comes
            return OpenApiMockContract(self.description, mock, None)
        routes = self.description.routes.covering(segments)
        if not routes:
            if self._is_foreign(mock):
                return None
            raise self._refusal(mock, f"the description has no path {url.path}", self._near(url.path))
        if _ANY_METHOD in mock.methods:
            return OpenApiMockContract(self.description, mock, None)
        found = [self._operation(mock, method, routes) for method in mock.methods]
        faults = [
            fault for operation in found for fault in operation.path_faults(operation.route.known_params(segments))
        ]
        if faults:
            raise MockContractError(mock_text(self.description, mock, found[0].name, rows(faults)))
        return OpenApiMockContract(self.description, mock, found)

    def _operation(self, mock: RegisteredView, method: str, routes: Sequence[Route]) -> Operation:
        for route in routes:
            if method in route.methods:
                return self.description.operation(route, method)
        known = {name for route in routes if route.template == routes[0].template for name in route.methods}
        raise self._refusal(mock, f"{routes[0].template} has no {method}", f"It has {listed(sorted(known))}.")

    def _is_foreign(self, mock: RegisteredView) -> bool:
        """Whether a mock of a whole URL may be of another service."""
        origin = mock.url.origin
        if origin is None or self.description.routes.has_host(origin):
            return False
        return self._base_url is None or not f"{self._base_url}/".startswith(f"{origin}/")

    def _near(self, path: str) -> str:
        return f"It has {listed(self.description.routes.nearest(path))}."

    def _refusal(self, mock: RegisteredView, what: str, instead: str) -> MockContractError:
        return MockContractError(mock_text(self.description, mock, "", [f"  {what}. {instead}"]))


class OpenApiMockContract:
    """Holds one mock, its answers and the requests for it against a description.

    Args:
        description: The description.
        mock: The mock.
        operations: Those that it answers; None if that is seen only when a request comes.
    """

    def __init__(self, description: Description, mock: RegisteredView, operations: Sequence[Operation] | None) -> None:
        self._description = description
        self._mock = mock
        self._operations = operations
        self._settled: dict[tuple[Operation, int], Any] = {}

    # -- registering

    def check_answers(self, answers: Sequence[Any]) -> tuple[Any, ...]:
        """The answers of the mock, those that are examples made.

        Args:
            answers: What it is about to answer.

        Raises:
            MockContractError: One of them is not as the description says, or no example could be made.
        """
        self._settled.clear()
        if self._operations is None:
            return tuple(answers)
        checked: list[Any] = []
        for answer in answers:
            done = answer
            for operation in self._operations:
                if answer.body is not EXAMPLE and not isinstance(answer.body, _SENT):
                    # what is made later, or no answer at all
                    self._count_mock(operation, None)
                    continue
                try:
                    done = self._with_example(operation, done)
                    faults, response = self._answer_faults(operation, done, done.body)
                except (ExampleError, DescriptionError) as error:
                    raise MockContractError(self._text(operation, answer.status_code, [f"  {error}"])) from error
                if faults:
                    raise MockContractError(self._text(operation, answer.status_code, rows(faults)))
                self._count_mock(operation, response)
                self._settled[operation, id(done.body)] = (done.body, response)
            checked.append(done)
        return tuple(checked)

    def _count_mock(self, operation: Operation, response: Response | None) -> None:
        status = None if response is None else response.status
        self._description.coverage.count_mock(operation.method, operation.route.template, status)

    def _with_example(self, operation: Operation, answer: Any) -> Any:
        """The answer with a body made, and the headers that it must have."""
        if answer.body is not EXAMPLE:
            return answer
        response = operation.response(answer.status_code)
        if response is None:
            return msgspec.structs.replace(answer, body=Content(b""))
        named = {name.lower() for name, _ in answer.headers}
        wanted = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
        data, content_type = body_example(response, _media_type(wanted))
        body = Content(data, content_type)
        headers = [*answer.headers, *((n, v) for n, v in header_example(response) if n.lower() not in named)]
        return msgspec.structs.replace(answer, body=body, headers=tuple(headers))

    def _answer_faults(self, operation: Operation, answer: Any, body: Any) -> tuple[list[Fault], Response | None]:
        status, headers, content_type, data = _parts(answer, body)
        response = operation.response(status)
        if response is None:
            known = listed(operation.statuses)
            fault = Fault(f"status {status}", f"is not among those of the operation: {known}", operation.node.where)
            return [fault], None
        return response.faults(status, headers, content_type, data), response

    def _text(self, operation: Operation, status_code: int, lines: Sequence[str]) -> str:
        return mock_text(self._description, self._mock, f"{operation.name}, {status_code}", lines)

    # -- answering

    def check_request(self, view: RequestView) -> None:
        """Look at a request that the mock is about to answer.

        Args:
            view: The request.

        Raises:
            RequestContractError: It is not as the description says.
        """
        __tracebackhide__ = True
        found = self._description.requested(view.method, view.raw_path, view.origin)
        if isinstance(found, list):
            if self._operations is None and not self._description.routes.has_host(view.origin):
                return
            raise self._unknown(view, found)
        operation, params = found
        try:
            faults = operation.request_faults(view, params)
        except DescriptionError as error:
            raise RequestContractError(
                self._request_text(view, operation.name, [f"  {error}"]), view.request
            ) from error
        if faults:
            raise RequestContractError(self._request_text(view, operation.name, rows(faults)), view.request)
        self._description.coverage.count_request(operation.method, operation.route.template)

    def _unknown(self, view: RequestView, routes: Sequence[Route]) -> RequestContractError:
        if routes:
            known = sorted({method for route in routes for method in route.methods})
            line = f"  {routes[0].template} has no {view.method}. It has {listed(known)}."
        else:
            near = listed(self._description.routes.nearest(view.path))
            line = f"  the description has no path {view.path}. It has {near}."
        return RequestContractError(self._request_text(view, "", [line]), view.request)

    def check_answer(self, view: RequestView, answer: Any, body: Any) -> tuple[Any, Any]:
        """Look at an answer that the mock is about to give.

        Args:
            view: The request.
            answer: The answer.
            body: Its body, which a function may have made.

        Returns:
            The answer and its body, both made anew if the body is an example.

        Raises:
            AnswerContractError: It is not as the description says, or no example could be made.
        """
        __tracebackhide__ = True
        if body is not EXAMPLE and not isinstance(body, _SENT):
            return answer, body
        found = self._description.requested(view.method, view.raw_path, view.origin)
        if isinstance(found, list):
            return answer, body
        operation = found[0]
        settled = self._settled.get((operation, id(body)))
        if settled is None or settled[0] is not body:
            given = body
            try:
                answer = self._with_example(operation, msgspec.structs.replace(answer, body=body))
                body = answer.body
                faults, response = self._answer_faults(operation, answer, body)
            except (ExampleError, DescriptionError) as error:
                text = self._answer_text(view, operation, answer.status_code, [f"  {error}"])
                raise AnswerContractError(text, view.request) from error
            if faults:
                text = self._answer_text(view, operation, answer.status_code, rows(faults))
                raise AnswerContractError(text, view.request)
            settled = (body, response)
            if isinstance(given, Content) and answer.body is given:
                self._settled[operation, id(body)] = settled
        response = settled[1]
        if response is not None:
            self._description.coverage.count_answer(operation.method, operation.route.template, response.status)
        return answer, body

    def _request_text(self, view: RequestView, operation: str, lines: Sequence[str]) -> str:
        of = f", {operation}" if operation else ""
        return "\n".join(
            [
                f"{view.method} {masked_url(view.url)} is not what {self._description.name} describes{of}",
                f"  sent from  {sent_from()}   ({view.library}, {view.client})",
                *lines,
                f"  It would have been answered by {self._mock.name}, added at {self._mock.source}.",
                f"  {OPT_OUT_REQUEST}",
            ]
        )

    def _answer_text(self, view: RequestView, operation: Operation, status_code: int, lines: Sequence[str]) -> str:
        mock, name = self._mock, self._description.name
        head = f"the answer of {mock.name} (added at {mock.source}) to {view.method} {masked_url(view.url)}"
        return "\n".join(
            [f"{head} is not what {name} describes, {operation.name}, {status_code}", *lines, f"  {OPT_OUT}"]
        )


def mock_text(description: Description, mock: RegisteredView, operation: str, lines: Sequence[str]) -> str:
    """The text of a ``MockContractError``.

    Args:
        description: The description.
        mock: The mock.
        operation: What it should answer; empty if nothing.
        lines: What is wrong.
    """
    of = f", {operation}" if operation else ""
    head = f"the mock {mock.name} (added at {mock.source}) is not what {description.name} describes{of}"
    return "\n".join([head, *lines, f"  {OPT_OUT}"])


def _media_type(content_type: str) -> str:
    return content_type.split(";", maxsplit=1)[0].strip().lower()


def _parts(answer: Any, body: Any) -> tuple[int, Sequence[tuple[str, str]], str | None, bytes | None]:
    """Status, headers, media type and data of an answer; no data for a stream, which nobody has read yet."""
    if isinstance(body, Ready):
        response = body.response
        headers = list(response.headers.items())
        given = response.headers.get("content-type")
        return response.status_code, headers, None if given is None else _media_type(given), response.read()
    said = next((value for name, value in answer.headers if name.lower() == "content-type"), None)
    if isinstance(body, Content):
        own = said if said is not None else body.content_type
        return answer.status_code, answer.headers, None if own is None else _media_type(own), body.data
    return answer.status_code, answer.headers, None if said is None else _media_type(said), None
