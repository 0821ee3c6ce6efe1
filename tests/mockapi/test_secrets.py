"""What no message may show."""

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


def test_urls_lose_their_user_and_secret_parameters():
    """The rest stays readable."""
    assert (
        masked_url("https://u:p@h.test/a?access_token=1&page=2#f") == "https://***@h.test/a?access_token=***&page=2#f"
    )
