"""What no message may show."""

import pytest

from mockapi.secrets import masked, masked_text, masked_url


def test_values_of_secret_names_are_masked_at_any_depth():
    """By the name under which they stand."""
    data = {
        "user": "u",
        "password": "p",
        "nested": [{"api_key": 1, "X-Api-Key": 2, "token": None}],
        "Authorization": "Bearer",
    }
    assert masked(data) == {
        "user": "u",
        "password": "***",
        "nested": [{"api_key": "***", "X-Api-Key": "***", "token": None}],
        "Authorization": "***",
    }
    assert masked("x", "cookie") == "***"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *((name, True) for name in ("token", "X-Auth-Token", "access_token", "idToken", "x-api-key", "Set-Cookie")),
        *((name, False) for name in ("max_tokens", "page_token", "nextPageToken", "author", "tokens")),
    ],
)
def test_cursors_and_numbers_of_tokens_are_no_secrets(name, secret):
    """A masked cursor would hide the very difference that matters."""
    assert (masked("x", name) == "***") is secret


def test_urls_lose_their_user_and_secret_parameters():
    """The rest stays readable."""
    assert (
        masked_url("https://u:p@h.test/a?access_token=1&page=2#f") == "https://***@h.test/a?access_token=***&page=2#f"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"a": 1, "password": "p", "b": {"token": ["x"]}}', '{"a": 1, "password": "***", "b": {"token": "***"}}'),
        ('{"a": 1}', '{"a": 1}'),
        ('{"password": "p\\"q", "n": 5, "secret": 17', '{"password": ***, "n": 5, "secret": ***'),
        ("a=1&client%5Fsecret=2&b=3", "a=1&client%5Fsecret=***&b=3"),
        ("user[password]=xy", "user[password]=***"),
        ("theme=dark; PHPSESSID=1; sid=2; inside=3", "theme=dark; PHPSESSID=***; sid=***; inside=3"),
        ("<login><password>p</password><a>1</a></login>", "<login><password>***</password><a>1</a></login>"),
        ("Host: a\r\nX-Api-Key: k\r\n", "Host: a\r\nX-Api-Key: ***\r\n"),
        ("it said: bearer abcdefgh.ijk", "it said: bearer ***"),
        (
            'form-data; name="password"\r\n\r\nhunter2\r\n--B\r\nform-data; name="a"\r\n\r\n1\r\n--B--',
            'form-data; name="password"\r\n\r\n***\r\n--B\r\nform-data; name="a"\r\n\r\n1\r\n--B--',
        ),
        ("page_token=abc and a plain text: with words", "page_token=abc and a plain text: with words"),
    ],
)
def test_secrets_are_masked_in_texts_of_many_kinds(text, shown):
    """By the names beside them; in bytes too, and in texts within data."""
    assert masked_text(text) == shown
    assert masked_text(text.encode()) == shown.encode()
    assert masked({"note": [text]}) == {"note": [shown]}
