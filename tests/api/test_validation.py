"""Answers that are checked against the type that was said."""

import dataclasses
import datetime as dt
import importlib.util
import pickle
import subprocess
import sys
import uuid
import warnings
from typing import Annotated, Any, Literal, NotRequired

import msgspec
import pydantic
import pytest
from typing_extensions import TypedDict

from query import MutationObserver, MutationOptions, OptionError, QueryOptions
from query.api import (
    ApiClient,
    ApiRequest,
    Mismatch,
    NamedType,
    RequestError,
    ResponseValidationError,
    ResponseValidationWarning,
    api_fetch,
    api_fetch_as,
    api_options,
    call_api,
    fetch_mutation,
    set_api_client,
)


class Owner(TypedDict):
    name: str


class Project(TypedDict):
    slug: str
    stars: int
    owner: NotRequired[Owner]
    parts: NotRequired[list["Project"]]


GOOD = [{"slug": "apollo", "stars": 1, "owner": {"name": "me"}, "new": True, "parts": [{"slug": "x", "stars": 2}]}]
BAD = [{"slug": "apollo", "stars": 1}, {"slug": 5, "owner": {"name": None}}]


@pytest.fixture
def checked(server, client):
    """Set what the API client does with types."""

    def set_mode(validate):
        http = server.http(base_url="https://api.test")
        set_api_client(ApiClient(http=http, validate=validate), query_client=client)
        return client

    return set_mode


def projects(**options):
    return api_options.as_(list[Project])("/projects/", stale_time=0, **options)


async def test_an_answer_is_believed_by_default(server, client):
    """Nothing is checked, nor is pydantic loaded."""
    server.answer = {"status_code": 200, "json": BAD}
    assert await client.query(projects()) == BAD


@pytest.mark.parametrize("where", ["client", "call"])
@pytest.mark.parametrize("mode", ["warn", "raise"])
async def test_a_right_answer_is_the_parsed_json(server, checked, where, mode):
    """Keys that the type does not name are kept: backends grow."""
    server.answer = {"status_code": 200, "json": GOOD}
    client = checked(mode if where == "client" else "off")
    options = projects(validate=mode if where == "call" else None)
    assert await client.query(options) == GOOD
    assert type(client.get_query_data(options.query_key).json[0]) is dict


@pytest.mark.parametrize("where", ["client", "call"])
async def test_a_wrong_answer_is_an_error(server, checked, where):
    """It names the endpoint and the places, is asked for once, and is not cached."""
    server.answer = {"status_code": 200, "json": BAD}
    client = checked("raise" if where == "client" else "off")
    options = projects(validate="raise" if where == "call" else None)
    with pytest.raises(ResponseValidationError) as caught:
        await client.query(options)
    error = caught.value
    assert str(error) == (
        "GET https://api.test/projects/ answered 200: the body does not fit list[tests.api.test_validation.Project]: "
        "[1].slug: Input should be a valid string; [1].stars: Field required; "
        "[1].owner.name: Input should be a valid string"
    )
    assert error.mismatches == (
        Mismatch("[1].slug", "Input should be a valid string"),
        Mismatch("[1].stars", "Field required"),
        Mismatch("[1].owner.name", "Input should be a valid string"),
    )
    assert (error.status, error.json, error.retryable) == (200, BAD, False)
    assert isinstance(error, RequestError)
    assert len(server.requests) == 1
    assert client.get_query_data(options.query_key, "nothing") == "nothing"
    assert pickle.loads(pickle.dumps(error)).mismatches == error.mismatches


@pytest.mark.parametrize("where", ["client", "call"])
async def test_a_wrong_answer_may_be_a_warning(server, checked, where):
    """Of a category of its own; the data is used all the same."""
    server.answer = {"status_code": 200, "json": [*BAD, {}]}
    client = checked("warn" if where == "client" else "off")
    options = projects(query={"token": "secret"}, validate="warn" if where == "call" else None)
    with pytest.warns(ResponseValidationWarning) as caught:
        assert await client.query(options) == [*BAD, {}]
    (warning,) = caught
    assert str(warning.message).startswith("GET https://api.test/projects/?token=***: the body does not fit list[")
    assert str(warning.message).endswith("; and 2 more")


async def test_a_call_may_believe_what_the_client_checks(server, checked):
    """For an endpoint whose document is known to be wrong."""
    server.answer = {"status_code": 200, "json": BAD}
    assert await checked("raise").query(projects(validate="off")) == BAD


async def test_mutations_are_checked_as_well(server, checked):
    """By client and by call."""
    server.answer = {"status_code": 200, "json": {"slug": 5}}
    for mode, create in (
        ("raise", fetch_mutation.as_(Owner)("POST", "/x/")),
        ("off", fetch_mutation.as_(Owner, validate="raise")("POST", "/x/")),
    ):
        client = checked(mode)
        with pytest.raises(ResponseValidationError, match="^POST .* name: Field required$"):
            await MutationObserver(client, MutationOptions(mutation_fn=create)).mutate({})
    trusting = fetch_mutation.as_(Owner, validate="off")("POST", "/x/")
    assert await MutationObserver(checked("raise"), MutationOptions(mutation_fn=trusting)).mutate({}) == {"slug": 5}
    untyped = MutationOptions(mutation_fn=fetch_mutation("POST", "/x/"))
    assert await MutationObserver(checked("raise"), untyped).mutate({}) == {"slug": 5}


async def test_a_call_of_your_own_is_checked_as_well(server, checked):
    """In a query function that does more than one call."""
    server.answer = {"status_code": 200, "json": [1]}
    client = checked("off")
    answer = await call_api(ApiRequest(url="/x/"), client, type_=list[int], validate="raise")
    assert answer.json == [1]
    with pytest.raises(ResponseValidationError):
        await call_api(ApiRequest(url="/x/"), client, type_=list[str], validate="raise")


@pytest.mark.parametrize(
    ("type_", "json", "fits"),
    [
        (Any, {"a": object.__name__}, True),
        (object, 5, True),
        (int, 5, True),
        (int, "5", False),
        (int, 5.5, False),
        (int, True, False),
        (float, 5, True),
        (float, 5.5, True),
        (str, 5, False),
        (bool, 1, False),
        (None, None, True),
        (None, 5, False),
        (list[int], None, False),
        (list[int] | None, None, True),
        (dict[str, int], {"a": 1}, True),
        (dict[str, int], {"a": "1"}, False),
        (tuple[int, str], [1, "a"], True),
        (Literal["a", "b"], "a", True),
        (Literal["a", "b"], "c", False),
        (Annotated[int, []], 5, True),
        (Annotated[int, []], "5", False),
        (Annotated[int, pydantic.Field(gt=5)], 5, False),
        (int, 10**30, True),
        (Project | Owner, {"name": "x"}, True),
        (Project | Owner, {"nam": "x"}, False),
    ],
)
async def test_what_fits_a_type(server, checked, type_, json, fits):
    """Strictly, as JSON: no text is a number, a whole number is a float, a tuple is an array."""
    server.answer = {"status_code": 200, "json": json}
    options = api_options.as_(type_)("/x/", stale_time=0, validate="raise")
    if fits:
        assert await checked("off").query(options) == json
    else:
        with pytest.raises(ResponseValidationError):
            await checked("off").query(options)


@pytest.mark.parametrize(
    ("parse", "type_", "fits"),
    [("text", str, True), ("text", int, False), ("bytes", bytes, True), ("bytes", str, False)],
)
async def test_bodies_that_are_no_json_are_checked_too(server, checked, parse, type_, fits):
    """Text is a str, bytes are bytes."""
    server.answer = {"status_code": 200, "text": "5"}
    options = api_options.as_(type_)("/x/", parse=parse, stale_time=0, validate="raise")
    if fits:
        assert await checked("off").query(options) == type_("5") if parse == "text" else b"5"
    else:
        with pytest.raises(ResponseValidationError):
            await checked("off").query(options)


async def test_the_place_of_the_whole_body(server, checked):
    """Is said in words."""
    server.answer = {"status_code": 200, "json": {}}
    with pytest.raises(
        ResponseValidationError, match=r"does not fit list\[.*: the body: Input should be a valid array"
    ):
        await checked("raise").query(projects())


@dataclasses.dataclass
class Row:
    slug: str


class Model(pydantic.BaseModel):
    slug: str


class Record(msgspec.Struct):
    slug: str


class Dated(TypedDict):
    at: dt.datetime


@pytest.mark.parametrize(
    ("type_", "said"),
    [
        (Row, "it has Row in it"),
        (list[Model] | None, "it has Model in it"),
        (dict[str, Record], "Unable to generate pydantic-core schema for .*Record"),
        (Dated, "it has datetime in it"),
        (uuid.UUID, "it has uuid in it"),
        ("list[Project]", "names its type in quotes"),
        (list["NoSuch"], "NoSuch"),  # noqa: F821,
    ],
)
async def test_a_type_that_json_does_not_have_is_refused(server, checked, type_, said):
    """What is cached is the parsed JSON, so no such object would ever come out. Nothing is tried again."""
    server.answer = {"status_code": 200, "json": {}}
    client = checked("off")
    options = api_options.as_(type_)("/x/", stale_time=0, validate="warn")
    with pytest.raises(OptionError, match=said) as caught:
        await client.query(options)
    assert caught.value.option == "validate"
    assert len(server.requests) == 1
    # and believed, if it is not to be checked
    assert await client.query(api_options.as_(type_)("/y/", stale_time=0)) == {}


def test_a_type_by_name_is_loaded_when_it_is_needed(tmp_path):
    """The types of a generated table cost nothing until an answer is checked."""
    (tmp_path / "lazy_types.py").write_text(
        "from typing_extensions import TypedDict\nclass Project(TypedDict):\n    slug: str\n"
    )
    program = (
        "import asyncio, sys, httpx\n"
        "from query import QueryClient\n"
        "from query.api import *\n"
        "fetch = api_options.as_(NamedType('lazy_types', 'list[Project]'))('/x/', stale_time=0)\n"
        "answer = httpx.Response(200, json=[{'slug': 1}])\n"
        "async def main(mode):\n"
        "    http = httpx.AsyncClient(transport=httpx.MockTransport(lambda request: answer))\n"
        "    async with QueryClient() as client, http:\n"
        "        set_api_client(ApiClient(http=http, validate=mode), query_client=client)\n"
        "        await client.query(fetch)\n"
        "asyncio.run(main('off'))\n"
        "print(sorted({'lazy_types', 'pydantic'} & set(sys.modules)))\n"
        "try: asyncio.run(main('raise'))\n"
        "except ResponseValidationError as error: print(error.detail)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\nthe body does not fit list[Project]: [0].slug: Input should be a valid string\n"


@pytest.mark.parametrize("named", [NamedType("no_such_module", "int"), NamedType("builtins", "Prject")])
async def test_a_name_that_leads_nowhere_is_told(server, checked, named):
    """A generated module and its types have drifted apart."""
    server.answer = {"status_code": 200, "json": 1}
    with pytest.raises(OptionError, match=f"the type '{named.expression}' of {named.module} cannot be loaded"):
        await checked("raise").query(api_options.as_(named)("/x/", stale_time=0))


def test_options_that_are_made_anew_have_the_same_function():
    """Observers would else take each for new options."""
    assert projects().query_fn is projects().query_fn
    assert projects(validate="warn").query_fn is not projects().query_fn
    assert projects(validate="warn").query_key == projects().query_key
    assert api_options.as_(Any)("/x/", stale_time=0).query_fn is api_fetch
    assert api_fetch_as(Annotated[int, []]).type_ == Annotated[int, []]
    assert repr(api_fetch_as(int, validate="raise")) == "ApiFetch(<class 'int'>, validate='raise')"


@pytest.mark.parametrize(
    "make",
    [
        lambda mode: ApiClient(validate=mode),
        lambda mode: projects(validate=mode),
        lambda mode: fetch_mutation.as_(int, validate=mode),
        lambda mode: api_fetch_as(int, validate=mode),
        lambda mode: api_fetch_as(Annotated[int, []], validate=mode),
    ],
)
def test_a_mode_that_cannot_be_is_refused_where_it_is_written(make, monkeypatch):
    """One that does not exist, and one that needs what is not installed, with what to install."""
    with pytest.raises(OptionError, match='validate=\'on\' is not known; expected "off", "warn" or "raise"'):
        make("on")
    find_spec = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "pydantic" else find_spec(name))
    with pytest.raises(OptionError, match=r"pip install 'pytest-mockapi\[pydantic\]'"):
        make("warn")
    make("off")


async def test_an_error_of_the_server_is_not_checked(server, checked):
    """It has another form."""
    server.answer = {"status_code": 500, "json": {}}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RequestError, match="answered 500"):
            await checked("warn").query(QueryOptions(query_key=("/x/",), query_fn=api_fetch_as(int), retry=False))
