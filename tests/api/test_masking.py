"""URLs in messages: nobody reads a password in a log."""

import pytest

from query.api.masking import masked_url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://api.test/x/?page=2", "https://api.test/x/?page=2"),
        ("https://user:word@api.test/x/", "https://***@api.test/x/"),
        ("https://api.test/x/?mail=a@b.test", "https://api.test/x/?mail=a@b.test"),
        ("/x/?api_key=1&page=2", "/x/?api_key=***&page=2"),
        ("/x/?key=1", "/x/?key=***"),
        ("/x/?monkey=1", "/x/?monkey=1"),
        ("/x/?page=2&access_token=1#top", "/x/?page=2&access_token=***#top"),
        ("/x/?X-Amz-Signature=1&sig=2", "/x/?X-Amz-Signature=***&sig=***"),
        ("/x/?token=1&next_token=2&max_tokens=3", "/x/?token=***&next_token=2&max_tokens=3"),
        ("/x/?password=&a", "/x/?password=***&a"),
    ],
)
def test_what_is_shown_of_a_url(url, shown):
    """All but the user, and what has a telling name."""
    assert masked_url(url) == shown
