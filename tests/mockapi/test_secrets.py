"""What no message may show."""

import pytest

from mockapi.secrets import masked, masked_url


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
