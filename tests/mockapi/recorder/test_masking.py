"""Secrets in what was recorded."""

import base64
from unittest.mock import ANY
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockapi.recorder.exchange import Exchange, Reply
from mockapi.recorder.masking import Masker
from mockapi.recorder.plan import plan
from mockapi.recorder.python_source import written
from query import UNSET

TOKEN = "abcdef-123456-token"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"


def exchange(path="/x", *, query=None, headers=(), data=None, reply=b"", reply_headers=(), status=200):
    options = {} if data is None else {"data": data, "content": b"..."}
    return Exchange(
        method="GET" if data is None else "POST",
        origin="https://api.test",
        path=path,
        query=query or {},
        headers=headers,
        outcome=Reply(status_code=status, headers=reply_headers, content=reply),
        **options,
    )


def masked(*exchanges, names=()):
    masker = Masker(names)
    masker.learn(exchanges)
    return plan(exchanges, masker)


JSON = [("content-type", "application/json")]
TEXT = [("content-type", "text/plain; charset=utf-8")]


def body_of(text, kind=TEXT, **options):
    (mock,) = masked(exchange(reply=text.encode(), reply_headers=kind, **options))
    return mock.answers[0].body


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"access_token": "abc"}', {"access_token": "masked-1"}),
        ('{"a": {"password": "x", "user": "ann"}}', {"a": {"password": "masked-1", "user": "ann"}}),
        ('{"credentials": {"user": "ann", "n": 7}}', {"credentials": {"user": "masked-1", "n": 2}}),
        ('{"api_keys": ["one", "two", "one"]}', {"api_keys": ["masked-1", "masked-2", "masked-1"]}),
        ('{"has_password": true, "secret": null, "token": ""}', {"has_password": True, "secret": None, "token": ""}),
        ('{"sessions": [{"title": "A talk"}]}', {"sessions": [{"title": "A talk"}]}),
        ('{"session_timeout": 3600}', {"session_timeout": 3600}),
        ('{"next_page_token": "p2", "max_tokens": 5}', {"next_page_token": "p2", "max_tokens": 5}),
        (
            '{"url": "https://u:pw@h.test/?a=1&api_key=k1#x"}',
            {"url": "https://masked-1@h.test/?a=1&api_key=masked-2#x"},
        ),
        (f'{{"said": "it is {JWT}!"}}', {"said": "it is masked-1!"}),
        ('{"key": "sk-proj-aaaabbbbccccddddeeee"}', {"key": "masked-1"}),
    ],
)
def test_json_is_masked_by_name_and_by_shape(text, shown):
    """What is a number or a flag stays one, so that the program can still read the answer."""
    assert body_of(text, JSON) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("access_token=abc&token_type=bearer", "access_token=masked-1&token_type=bearer"),
        ('data: {"api_key": "abc"}\n\n', 'data: {"api_key": "masked-1"}\n\n'),
        ("<login><password>abc</password></login>", "<login><password>masked-1</password></login>"),
        (
            '<input name="csrf_token" type="hidden" value="abc">',
            '<input name="csrf_token" type="hidden" value="masked-1">',
        ),
        ('<meta name="title" content="abc">', '<meta name="title" content="abc">'),
        ("Authorization: Bearer abcdef123", "Authorization: Bearer masked-1"),
        ("see https://x.test/?sig=1&session=abc", "see https://x.test/?sig=1&session=masked-1"),
        ("the session: morning", "the session: morning"),
        ("Basic authentication and Bearer tokens", "Basic authentication and Bearer tokens"),
    ],
)
def test_text_is_masked_where_it_names_a_secret(text, shown):
    """In forms, events, XML and URLs within it."""
    assert body_of(text) == shown


def test_a_secret_is_masked_wherever_it_stands():
    """A token of a header, in a body under an innocent name, in a URL and in bytes."""
    sent = [("authorization", f"Bearer {TOKEN}")]
    first, second = masked(
        exchange("/me", headers=sent, reply=f'{{"id": "{TOKEN}"}}'.encode(), reply_headers=JSON),
        exchange("/raw", reply=b"\x00" + TOKEN.encode(), reply_headers=[("content-type", "image/png")]),
    )
    assert first.answers[0].body == {"id": "masked-1"}
    assert second.answers[0].body == b"\x00" + b"*" * len(TOKEN)


def test_the_password_of_basic_auth_is_known():
    """Not only the header's value."""
    coded = base64.b64encode(b"ann:correct-horse").decode()
    (mock,) = masked(
        exchange(headers=[("authorization", f"Basic {coded}")], reply=b"it was correct-horse", reply_headers=TEXT)
    )
    assert mock.answers[0].body == "it was masked-2"


def test_anything_may_stand_for_a_secret_in_a_request():
    """In the query and in the body, at any depth."""
    (mock,) = masked(
        exchange(query={"api_key": ["k"], "q": ["x"]}, data={"user": {"name": "ann", "password": "p"}, "tags": ["a"]})
    )
    assert mock.query == {"api_key": ANY, "q": "x"}
    assert repr(mock.query["api_key"]) == "<ANY>"
    assert mock.data["user"]["name"] == "ann"
    assert mock.data["user"]["password"] is ANY
    assert mock.data["tags"] == ["a"]


def test_a_secret_in_a_path_is_a_parameter_unless_the_service_gave_it():
    """A key that the program brought may be another one next time; a token of an answer is replaced there, too."""
    given = exchange("/login", reply=f'{{"token": "{TOKEN}"}}'.encode(), reply_headers=JSON)
    mocks = masked(
        given,
        exchange(f"/session/{TOKEN}/"),
        exchange("/bot123456-abcdefgh/getMe", headers=[("x-api-key", "123456-abcdefgh")]),
    )
    assert [mock.url for mock in mocks] == ["/login", "/session/masked-1/", "/bot{secret_1}/getMe"]


def test_cookies_keep_their_names_and_attributes():
    """The value is what nobody may see."""
    (mock,) = masked(
        exchange(reply_headers=[("set-cookie", "sid=abc; Path=/; Secure"), ("set-cookie", "gone=; Max-Age=0")])
    )
    assert mock.answers[0].headers == (
        ("set-cookie", "sid=masked-1; Path=/; Secure"),
        ("set-cookie", "gone=; Max-Age=0"),
    )


def test_links_and_locations_keep_their_form():
    """Only what is secret in them is replaced."""
    (mock,) = masked(
        exchange(reply_headers=[("location", "/next?code=1&access_token=abc"), ("x-csrf-token", "abcd")], status=302)
    )
    assert mock.answers[0].headers == (
        ("location", "/next?code=1&access_token=masked-2"),
        ("x-csrf-token", "masked-1"),
    )


def test_ones_own_names_are_masked_with_all_that_is_below_them():
    """``*`` stands for any text; numbers stay numbers."""
    (mock,) = masked(
        exchange(
            query={"Customer_Id": ["17"]},
            data={"customer_mail": "a@b.test"},
            reply=b'{"customer": {"name": "Ann", "age": 41, "ok": true}}',
            reply_headers=JSON,
        ),
        names=["customer*"],
    )
    assert mock.query["Customer_Id"] is ANY
    assert mock.data["customer_mail"] is ANY
    assert mock.answers[0].body == {"customer": {"name": "masked-3", "age": 4, "ok": True}}


def test_a_secret_as_a_key_is_masked_too():
    """In a request that cannot be compared any more."""
    sent = [("authorization", f"Bearer {TOKEN}")]
    (mock,) = masked(
        exchange(
            query={f"x-{TOKEN}": ["1"]},
            data={TOKEN: 1},
            headers=sent,
            reply=f'{{"by": {{"{TOKEN}": null}}}}'.encode(),
            reply_headers=JSON,
        )
    )
    assert (mock.query, mock.data) == ({}, UNSET)
    assert mock.answers[0].body == {"by": {"masked-1": None}}


def test_a_small_file_with_a_secret_may_be_any():
    """In a form."""
    data = {"key": b"api_key=abc", "logo": b"\xff\x00"}
    (mock,) = masked(exchange(data=data))
    assert mock.data["key"] is ANY
    assert mock.data["logo"] == b"\xff\x00"


def test_a_file_is_not_named_after_a_secret():
    """The last part of a URL may be one."""
    sent = [("x-api-key", TOKEN)]
    one = exchange(f"/files/{TOKEN}", headers=sent, reply=b"\x00" * 99, reply_headers=[("content-type", "image/png")])
    source = written("a.py::test_it", masked(one), [], 1)
    assert list(source.files) == ["it/secret_1.png"]
    assert TOKEN not in source.source


def test_a_long_word_is_looked_at_once():
    """A body in base64 is one word of many letters; looked at from each of them it would take hours."""
    assert body_of("a" * 3_000_000 + " token=abc").data.endswith(b"a token=masked-1")


def test_what_cannot_be_decoded_is_no_secret():
    """A header that is not as it should be."""
    (mock,) = masked(
        exchange(headers=[("authorization", "Basic abcde"), ("cookie", "a=b=c; d")], reply=b"?", reply_headers=TEXT)
    )
    assert mock.answers[0].body == "?"


def test_a_form_as_an_answer_is_looked_into():
    """As services answer that are older than JSON."""
    form = [("content-type", "application/x-www-form-urlencoded")]
    reply = f"access_token={TOKEN}&scope=all".encode()
    first, second = masked(
        exchange("/login", reply=reply, reply_headers=form), exchange("/me", reply=TOKEN.encode(), reply_headers=TEXT)
    )
    assert first.answers[0].body == "access_token=masked-1&scope=all"
    assert second.answers[0].body == "masked-1"


SECRET = "s3cr3t/VALUE+42"
NAMED = [
    {"headers": [("authorization", f"Bearer {SECRET}")]},
    {"headers": [("cookie", f"lang=de; sid={SECRET}")]},
    {"headers": [("x-api-key", SECRET)]},
    {"query": {"access_token": [SECRET]}},
    {"data": {"login": {"user": "ann", "password": SECRET}}},
    {"data": {"credentials": [{"any": SECRET}]}},
    {"reply_headers": [("set-cookie", f"sid={SECRET}; Path=/")]},
    {"reply_headers": [("x-auth-token", SECRET), *JSON]},
    {"reply_headers": JSON, "reply": f'[{{"refresh_token": "{SECRET}"}}]'.encode()},
]
ELSEWHERE = [
    {"path": f"/by/{quote(SECRET, safe='')}/x"},
    {"query": {"q": [SECRET, "other"]}},
    {"query": {SECRET: ["1"]}},
    {"data": {"note": f"it is {SECRET}"}},
    {"data": {"list": [{SECRET: 1}]}},
    {"data": {"file": SECRET.encode()}},
    {"reply_headers": [("location", f"/next?state={quote(SECRET, safe='')}")]},
    {"reply_headers": [("link", f"<https://api.test/{SECRET}>; rel=next")]},
    {"reply_headers": JSON, "reply": f'{{"echo": ["{SECRET}"], "{SECRET}": 1}}'.encode()},
    {"reply_headers": TEXT, "reply": f"you sent {SECRET} and {quote(SECRET, safe='')}".encode()},
    {"reply_headers": [("content-type", "image/png")], "reply": b"\x00" * 99 + SECRET.encode()},
]


@given(st.sampled_from(NAMED), st.lists(st.sampled_from(ELSEWHERE + NAMED), max_size=4), st.integers(0, 4))
def test_a_secret_that_is_known_is_nowhere_in_what_is_written(named, others, at):
    """Wherever it stands in any of the exchanges of a test, and in whatever order they came."""
    parts = [*others[:at], named, *others[at:]]
    exchanges = [exchange(**{"path": f"/{number}", **part}) for number, part in enumerate(parts)]
    made = written("a.py::test_it", masked(*exchanges), ["https://api.test"], 1)
    texts = [made.source.encode(), *map(str.encode, made.files), *made.files.values()]
    for form in (SECRET, quote(SECRET, safe=""), quote(SECRET)):
        assert not [text for text in texts if form.encode() in text]
