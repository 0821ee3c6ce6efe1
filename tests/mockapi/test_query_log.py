"""The time line of queries in the report of a test that failed."""

from __future__ import annotations

import pytest

SETTINGS = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"


@pytest.fixture
def run(pytester):
    """Run a test module; gives the lines of the section, without those around it."""

    def run(source, *, failed=1, passed=0, catches=False):
        pytester.makeini(SETTINGS)
        pytester.makepyfile(source)
        # what catches requests is installed once in a process
        runs = pytester.runpytest_subprocess if catches else pytester.runpytest
        result = runs("-p", "no:cacheprovider")
        result.assert_outcomes(failed=failed, passed=passed)
        lines, found = result.outlines, []
        for number, line in enumerate(lines):
            if "mockapi queries" in line:
                found.append([])
                for row in lines[number + 1 :]:
                    if row.startswith(("---", "===", "___")):
                        break
                    found[-1].append(row.rstrip())
        return found

    return run


LIFE = """
    import asyncio
    import pytest
    from query import QueryObserver, query_options, MutationOptions, MutationObserver

    async def test_life(mock_clock, make_test_query_client):
        client = make_test_query_client(retry=1, retry_delay=2, gc_time=60)
        answers = [ValueError("no luck"), {"id": 1, "password": "hunter2"}]

        def load(context):
            answer = answers.pop(0) if answers else {"id": 2}
            if isinstance(answer, Exception):
                raise answer
            return answer

        observer = QueryObserver(client, query_options(query_key=("projects", {"page": 1}), query_fn=load))
        unsubscribe = observer.subscribe(lambda result: None)
        await mock_clock.advance(3)
        await client.invalidate_queries(("projects",))
        client.set_query_data(("note",), "x" * 500)
        unsubscribe()
        await mock_clock.advance(100)
        assert False
"""


def test_it_tells_what_happened_to_each_key_and_when(run):
    """On the clock of the client; secrets are masked, and what is long is cut."""
    (lines,) = run(LIFE)
    key = '["projects",{"page":1}]'
    assert lines == [
        "seconds since the first of these, on the clock of the client",
        f"     0.000  {key}   added",
        f"     0.000  {key}   observer added",
        f"     0.000  {key}   fetch",
        f"     0.000  {key}   attempt 1 failed, another follows: ValueError: no luck",
        f"     2.000  {key}   success: {{'id': 1, 'password': '***'}}",
        f"     3.000  {key}   invalidated",
        f"     3.000  {key}   fetch",
        f"     3.000  {key}   success: {{'id': 2}}",
        '     3.000  ["note"]   added',
        f'     3.000  ["note"]   data written: \'{"x" * 119}...',
        f"     3.000  {key}   observer removed",
        '    63.000  ["note"]   removed',
        f"    63.000  {key}   removed",
    ]


def test_mutations_and_several_clients_are_told_apart(run):
    """And a state that is set, a pause, an error."""
    (lines,) = run(
        """
        from query import MutationObserver, MutationOptions, OnlineManager, query_options

        async def test_two(mock_clock, make_test_query_client):
            online = OnlineManager()
            one, other = make_test_query_client(gc_time=60), make_test_query_client(gc_time=60, online_manager=online)

            def save(variables, context):
                raise KeyError("no such project")

            observer = MutationObserver(one, MutationOptions(mutation_key=("save",), mutation_fn=save))
            observer.mutate({"token": "abc", "name": "Apollo"})
            await mock_clock.settle()
            online.set_online(False)
            handle = other.prefetch_query(query_options(query_key=("a",), query_fn=lambda context: 1))
            await mock_clock.settle()
            online.set_online(True)
            await mock_clock.settle()
            await other.reset_queries(("a",))
            assert False
        """
    )
    text = "\n".join(lines)
    for part in (
        'client 1  mutation 1 ["save"]   added',
        "client 1  mutation 1 [\"save\"]   pending: {'token': '***', 'name': 'Apollo'}",
        "client 1  mutation 1 [\"save\"]   error: KeyError: 'no such project'",
        'client 2  ["a"]   fetch, paused: no network',
        'client 2  ["a"]   goes on',
        'client 2  ["a"]   success: 1',
        'client 2  ["a"]   state set: status=pending, fetch_status=idle, is_invalidated=False, data=UNSET',
    ):
        assert part in text
    assert "abc" not in text


def test_it_is_bounded_and_keeps_the_end(run):
    """What a test fails for came last."""
    (lines,) = run(
        """
        def test_many(make_test_query_client):
            client = make_test_query_client()
            for number in range(300):
                client.set_query_data(("a", number), number)
            assert False
        """
    )
    assert lines[1] == "... 400 earlier ..."
    assert len(lines) == 202
    assert lines[-1].endswith('["a",299]   data written: 299')


def test_only_the_failed_test_and_the_failed_example_tell(run):
    """No line is left from the test before, nor from another example; tests without query clients have no section."""
    found = run(
        """
        from hypothesis import given, settings
        from hypothesis import strategies as st

        def test_passes(make_test_query_client):
            make_test_query_client().set_query_data(("before",), 1)

        def test_has_none():
            assert False

        @settings(database=None)
        @given(st.integers(0, 9))
        def test_examples(make_test_query_client, number):
            make_test_query_client().set_query_data(("example",), number)
            assert number < 5

        def test_late(request):
            request.getfixturevalue("make_test_query_client")().set_query_data(("late",), 1)
            assert False
        """,
        failed=3,
        passed=1,
    )
    assert [line.split("  ")[-1].strip() for lines in found for line in lines[1:]] == [
        *("added", "data written: 5", "added", "data written: 1"),
    ]


def test_a_client_of_the_program_can_be_watched_too(run):
    """It is named to the fixture, and is not closed by it."""
    (lines,) = run(
        """
        from query import QueryClient

        def test_own(make_test_query_client):
            client = QueryClient()
            make_test_query_client.watch(client)
            client.set_query_data(("own",), 1)
            assert False
        """
    )
    assert lines[-1].endswith('["own"]   data written: 1')


def test_data_that_cannot_be_shown_does_not_hide_the_failure(run):
    """Its repr raises; the time line says so."""
    (lines,) = run(
        """
        class Data:
            def __repr__(self):
                raise RuntimeError

        def test_it(make_test_query_client):
            make_test_query_client().set_query_data(("a",), Data())
            assert False
        """
    )
    assert lines[-1].endswith("data written: a Data, whose repr raises RuntimeError")


def test_the_log_is_no_leak(run):
    """What listens on behalf of the report is not the program's."""
    assert (
        run(
            """
        from mockapi import assert_no_leaks

        def test_it(make_test_query_client):
            assert_no_leaks(make_test_query_client(), empty=True)
        """,
            failed=0,
            passed=1,
        )
        == []
    )


def test_requests_stand_where_they_belong_in_time(run):
    """When they were sent and what became of them, on the clock of the client, without secrets."""
    (lines,) = run(
        """
        import httpx
        from query import query_options

        async def test_it(mock_api_client, mock_clock, make_test_query_client):
            mock_api_client.add_mock_response(url="https://api.test/projects/", body=[], async_delay=2)
            mock_api_client.add_error("https://api.test/save/", "read_timeout", method="POST")
            client = make_test_query_client(gc_time=60)

            async def load(context):
                async with httpx.AsyncClient() as http:
                    return (await http.get("https://api.test/projects/?token=abc")).json()

            with mock_clock.jumping():
                await client.fetch_query(query_options(query_key=("projects",), query_fn=load))
            async with httpx.AsyncClient() as http:
                try:
                    await http.post("https://api.test/save/")
                except httpx.ReadTimeout:
                    pass
            assert False
        """,
        catches=True,
    )
    get, post = "GET https://api.test/projects/?token=***", "POST https://api.test/save/"
    assert [line.partition("ReadTimeout")[0] for line in lines[1:]] == [
        '     0.000  ["projects"]   added',
        '     0.000  ["projects"]   fetch',
        f"     0.000  {get}   sent",
        f"     2.000  {get}   200",
        '     2.000  ["projects"]   success: []',
        f"     2.000  {post}   sent",
        f"     2.000  {post}   ",
    ]


def test_requests_alone_are_no_time_line_of_queries(run):
    """They have a section of their own."""
    assert (
        run(
            """
        import httpx

        def test_it(mock_api_client):
            mock_api_client.get("https://api.test/", {})
            httpx.get("https://api.test/")
            assert False
        """,
            catches=True,
        )
        == []
    )
