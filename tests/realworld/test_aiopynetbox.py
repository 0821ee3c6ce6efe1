"""aiopynetbox 0.2 (NetBox's API) on httpx2, which has an async client only.

Exercised: lists with repeated and boolean query parameters, pages fetched at a time and pages followed by absolute
links, objects created, changed and deleted as JSON, ETag and If-Match, 404 as None, 409 and other statuses as the
SDK's errors, redirects, retries after 429, 503 and a broken connection, and misses in tasks that the SDK starts and
the caller swallows.
"""

from __future__ import annotations

import aiopynetbox
import httpx2
import pytest

from mockapi import match_data, match_query

NETBOX = "https://netbox.test"
DEVICES = "/api/dcim/devices/"


@pytest.fixture
async def netbox():
    async with aiopynetbox.api(NETBOX, token="t0") as netbox:
        yield netbox


def device(number):
    return {"id": number, "url": f"{NETBOX}{DEVICES}{number}/", "name": f"sw-{number}"}


def page(numbers, *, count, more=None):
    return {"count": count, "next": more, "previous": None, "results": [device(number) for number in numbers]}


async def test_filters_are_matched_as_the_sdk_spells_them(mock_api_client, netbox):
    """A list is a repeated key and a bool is a lower-case word, on both sides."""
    mock = mock_api_client.add_mock_response(
        url=DEVICES,
        body=page([1], count=1),
        match=[match_query({"status": ["active", "staged"], "has_primary_ip": True, "site_id": 3})],
    )

    found = [
        each.name
        async for each in netbox.dcim.devices.filter(status=["active", "staged"], has_primary_ip=True, site_id=3)
    ]

    assert found == ["sw-1"]
    mock.assert_called_once()
    assert isinstance(mock.calls[0].request, httpx2.Request)


async def test_pages_fetched_at_a_time_keep_their_order(mock_api_client, netbox):
    """Four pages, three of them requested concurrently, each matched by its offset."""
    mock_api_client.add_mock_response(url=DEVICES, body=page([1, 2], count=8, more=f"{NETBOX}{DEVICES}?offset=2"))
    rest = [
        mock_api_client.add_mock_response(
            url=DEVICES, body=page([at + 1, at + 2], count=8), match=[match_query({"offset": at, "limit": 2})]
        )
        for at in (2, 4, 6)
    ]

    assert [each.id async for each in netbox.dcim.devices.all()] == [1, 2, 3, 4, 5, 6, 7, 8]

    assert [mock.call_count for mock in rest] == [1, 1, 1]
    assert len(mock_api_client.calls) == 4


async def test_next_links_lead_from_page_to_page(mock_api_client):
    """A link in one mock's body, host and query included, is the next mock's URL."""
    first = mock_api_client.add_mock_response(
        url=DEVICES,
        body={"next": f"{NETBOX}{DEVICES}?start=2", "results": [device(1)]},
        match=[match_query({"start": 0})],
    )
    second = mock_api_client.add_mock_response(
        url=DEVICES, body={"next": None, "results": [device(2)]}, match=[match_query({"start": 2})]
    )

    async with aiopynetbox.api(NETBOX, pagination="cursor") as netbox:
        assert [each.id async for each in netbox.dcim.devices.all()] == [1, 2]

    first.assert_called_once()
    second.assert_called_once()


async def test_created_device_is_sent_as_json(mock_api_client, netbox):
    """201 is a success, and what was sent is on record."""
    mock = mock_api_client.add_mock_response(url=DEVICES, method="POST", status_code=201, body=device(7))

    made = await netbox.dcim.devices.create(name="sw-7", site=1, tags=[{"name": "lab"}])

    assert made.id == 7
    mock.assert_called_once()
    mock.assert_called_with(data={"name": "sw-7", "tags": [{"name": "lab"}]}, headers={"Authorization": "Token t0"})


async def test_bulk_create_sends_a_list(mock_api_client, netbox):
    """A JSON document whose root is a list is matched too."""
    mock_api_client.add_mock_response(
        url=DEVICES,
        method="POST",
        status_code=201,
        body=[device(1), device(2)],
        match=[match_data([{"name": "sw-1"}, {"name": "sw-2"}])],
    )

    made = await netbox.dcim.devices.create([{"name": "sw-1"}, {"name": "sw-2"}])

    assert [each.id for each in made] == [1, 2]


async def test_saved_change_carries_the_etag(mock_api_client, netbox):
    """A header of the first answer comes back in the second request."""
    mock_api_client.add_mock_response(url=f"{DEVICES}1/", body=device(1), headers={"ETag": 'W/"v1"'})
    patch = mock_api_client.add_mock_response(
        url=f"{DEVICES}1/", method="PATCH", body={**device(1), "name": "core-1"}, headers={"ETag": 'W/"v2"'}
    )
    found = await netbox.dcim.devices.get(1)

    found.name = "core-1"
    assert await found.save() is True

    patch.assert_called_once()
    patch.assert_called_with(data={"name": "core-1"}, headers={"If-Match": 'W/"v1"'})


async def test_unchanged_record_is_revalidated(mock_api_client, netbox):
    """A 304 without a body is an answer."""
    mock_api_client.add_mock_response(url=f"{DEVICES}1/", body=device(1), headers={"ETag": '"v1"'})
    found = await netbox.dcim.devices.get(1)
    unchanged = mock_api_client.add_mock_response(url=f"{DEVICES}1/", status_code=304)

    assert await found.full_details() is True

    unchanged.assert_called_once()
    unchanged.assert_called_with(headers={"If-None-Match": '"v1"'})


async def test_deleted_device_answers_without_a_body(mock_api_client, netbox):
    """204 is a success with nothing in it."""
    mock_api_client.add_mock_response(url=f"{DEVICES}1/", body=device(1))
    delete = mock_api_client.add_mock_response(url=f"{DEVICES}1/", method="DELETE", status_code=204)

    assert await (await netbox.dcim.devices.get(1)).delete() is True

    delete.assert_called_once()


async def test_missing_device_is_none(mock_api_client, netbox):
    """A registered 404 is the API's own answer and no miss."""
    mock = mock_api_client.add_mock_response(url=f"{DEVICES}9/", status_code=404, body={"detail": "Not found."})

    assert await netbox.dcim.devices.get(9) is None

    mock.assert_called_once()


async def test_conflict_is_the_sdks_allocation_error(mock_api_client, netbox):
    """The error holds httpx2's response with the request that caused it."""
    mock_api_client.add_mock_response(url=DEVICES, method="POST", status_code=409, body={"detail": "taken"})

    with pytest.raises(aiopynetbox.AllocationError) as caught:
        await netbox.dcim.devices.create(name="sw-1")

    assert isinstance(caught.value.response, httpx2.Response)
    assert caught.value.url == f"{NETBOX}{DEVICES}"


async def test_refused_request_is_the_sdks_request_error(mock_api_client, netbox):
    """Code, reason phrase and body are in its text."""
    mock_api_client.add_mock_response(url=f"{DEVICES}1/", status_code=403, body={"detail": "no permission"})

    with pytest.raises(aiopynetbox.RequestError, match="403 Forbidden: .*no permission") as caught:
        await netbox.dcim.devices.get(1)

    assert caught.value.status_code == 403


async def test_page_that_is_no_json_is_the_sdks_content_error(mock_api_client, netbox):
    """A log-in page instead of an answer."""
    mock_api_client.add_mock_response(
        url="/api/status/", body="<html>log in</html>", headers={"Content-Type": "text/html"}
    )

    with pytest.raises(aiopynetbox.ContentError):
        await netbox.status()


async def test_version_is_read_from_a_header(mock_api_client, netbox):
    """Also on a 403, whose header counts all the same."""
    mock_api_client.add_mock_response(url="/api/", status_code=403, headers={"API-Version": "4.6"})

    assert await netbox.version() == "4.6"


async def test_redirect_leads_to_the_other_mock(mock_api_client):
    """From http to https, as behind a proxy."""
    moved = mock_api_client.add_mock_response(
        url="http://netbox.test/api/status/", status_code=301, headers={"Location": f"{NETBOX}/api/status/"}
    )
    target = mock_api_client.add_mock_response(url=f"{NETBOX}/api/status/", body={"netbox-version": "4.6.1"})

    async with aiopynetbox.api("http://netbox.test") as netbox:
        assert await netbox.status() == {"netbox-version": "4.6.1"}

    assert (moved.call_count, target.call_count) == (1, 1)


async def test_retries_go_on_until_the_older_mock_answers(mock_api_client, netbox, naps):
    """A broken connection, an overload and a refusal come first, newest first."""
    answer = mock_api_client.add_mock_response(url="/api/status/", body={"netbox-version": "4.6.1"})
    mock_api_client.add_mock_response(url="/api/status/", body=httpx2.ReadError("reset"), times=1)
    mock_api_client.add_mock_response(url="/api/status/", status_code=503, times=1)
    mock_api_client.add_mock_response(url="/api/status/", status_code=429, headers={"Retry-After": "12"}, times=1)

    assert await netbox.status() == {"netbox-version": "4.6.1"}

    answer.assert_called_once()
    assert naps[0] == 12.0
    assert len(naps) == 3
    assert len(mock_api_client.calls) == 4


async def test_broken_write_is_not_retried(mock_api_client, netbox, naps):
    """The caller gets httpx2's own error, with its request."""
    mock = mock_api_client.add_mock_response(url=DEVICES, method="POST", body=httpx2.ReadError("reset"))

    with pytest.raises(httpx2.ReadError, match="reset") as caught:
        await netbox.dcim.devices.create(name="sw-1")

    assert caught.value.request.method == "POST"
    mock.assert_called_once()
    assert naps == []


def test_miss_in_a_task_of_the_sdk_fails_the_test(run_suite):
    """The second page is fetched in a task; the caller keeps the first page and drops the error."""
    result = run_suite(
        """
        import asyncio
        import aiopynetbox
        from mockapi import match_query

        async def names():
            found = []
            async with aiopynetbox.api("https://netbox.test") as netbox:
                try:
                    async for each in netbox.dcim.devices.all():
                        found.append(each.name)
                except Exception:
                    pass
            return found

        def test_names(mock_api_client):
            mock_api_client.add_mock_response(
                url="/api/dcim/devices/",
                body={"count": 1, "next": None, "results": []},
                match=[match_query({"offset": 9})],
            )
            mock_api_client.add_mock_response(
                url="/api/dcim/devices/",
                body={"count": 2, "next": "https://netbox.test/more", "results": [{"id": 1, "name": "sw-1"}]},
                times=1,
            )
            assert asyncio.run(names()) == ["sw-1"]
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*GET*/api/dcim/devices/*"])
