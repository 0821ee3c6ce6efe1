"""How what was sent differs from what was wanted."""

from hypothesis import given
from hypothesis import strategies as st

from mockapi import ABSENT, Mismatch, match_content, match_data
from mockapi.differences import MAX_ROWS, MAX_TEXT, _first_difference, difference, shown


def test_names_with_quotes_and_dots_are_shown_as_they_are():
    """The path comes from deepdiff as a list, not as text to be parsed."""
    assert difference(Mismatch("data", "x", {"it's": {"a.b": [1]}}, {"it's": {"a.b": [2]}})) == [
        "it's.a.b[0]   expected 1   got 2"
    ]


def test_names_that_begin_with_underscores_count_too():
    """GraphQL's __typename is data."""
    assert difference(Mismatch("data", "x", {"__typename": "A"}, {"__typename": "B"})) == [
        "__typename   expected 'A'   got 'B'"
    ]


def test_differences_are_capped():
    """In rows, and in the size of what is compared."""
    rows = difference(
        Mismatch("data", "differs", {str(n): n for n in range(100)}, {str(n): -n - 1 for n in range(100)})
    )
    assert len(rows) == MAX_ROWS + 1
    assert rows[-1].startswith("... and ")
    (row,) = difference(Mismatch("data", "a differs", {"a": [1] * 10_000}, {"a": "y"}))
    assert row.startswith("a differs (too large to compare here: {'a': 'y'}")
    assert difference(Mismatch("match", "because")) == ["because"]
    assert difference(Mismatch("data", "types", {"a": 1}, {"a": "1"})) == ["a   expected 1   got '1'"]
    assert difference(Mismatch("data", "keys", {"a": 1, "b": 2}, {"a": 1})) == ["b   expected 2   got nothing"]


def test_all_that_stands_below_a_secret_is_one():
    """Whatever its own name is."""
    assert difference(Mismatch("data", "x", {"credentials": {"a": ["one"]}}, {"credentials": {"a": ["two"]}})) == [
        "credentials.a[0]   expected ***   got ***"
    ]


def test_without_a_difference_there_is_still_the_reason():
    """A function of the user's may compare otherwise than rows do."""
    assert difference(Mismatch("match", "because", [1], [1])) == ["because"]


def test_what_is_absent_or_missing_is_said():
    """Absent where it must be, nothing where something must be."""
    assert difference(Mismatch("data", "x", {"a": ABSENT, "b": 1}, {"a": None})) == [
        "a   expected absent   got None",
        "b   expected 1   got nothing",
    ]


def test_a_very_long_text_is_shown_around_its_difference():
    """Secrets near it are masked, and nothing is computed of the rest."""
    common = "x" * 50_000 + "&token=abcdefgh&a="
    (row,) = difference(Mismatch("content", "x", common + "1", common + "2" + "y" * 100_000))
    assert row == f"all of it   expected '...{'x' * 17}&token=***&a=1'   got '...{'x' * 17}&token=***&a=2{'y' * 99}...'"


def test_a_very_long_text_by_itself_is_cut():
    """With its length, and without secrets."""
    text = shown("password=abc&" + "x" * 100_000)
    assert text.startswith("'password=***&xxx")
    assert text.endswith("x... (100013 characters)")
    assert len(text) < MAX_TEXT + 30


@given(a=st.text("ab", max_size=9), b=st.text("ab", max_size=9))
def test_the_first_difference_is_where_a_walk_finds_it(a, b):
    """Found by halves, since texts may be long."""
    at = _first_difference(a, b)
    assert a[:at] == b[:at]
    assert at == min(len(a), len(b)) or a[at] != b[at]


def outcome(matcher, **body):
    import httpx

    request = httpx.Request("POST", "https://api.test/", **body)
    request.read()
    return matcher(request)


def test_a_body_of_another_kind_shows_no_secrets():
    """Broken JSON and forms are read as text."""
    (row,) = difference(outcome(match_data({"a": 1}), content=b'{"password": "p", "a": 1'))
    assert row.endswith("""   got b'{"password": ***, "a": 1'""")
    (row,) = difference(outcome(match_content("x"), content=b"Authorization: Basic abc\r\nuser=1; sid=9"))
    assert row == "all of it   expected 'x'   got 'Authorization: ***\\r\\nuser=1; sid=***'"
