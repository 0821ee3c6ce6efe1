"""What a call of a hook keeps, without a framework: when it listens, when it draws again, and when it stops."""

from __future__ import annotations

import pytest
from ui_pages import turns

from query import MutationOptions, QueryClient, QueryObserver, QueryOptions
from query.ui.cache_binding import CountBinding, MutationStateBinding
from query.ui.client_hooks import MountBinding
from query.ui.mutation_binding import MutationBinding
from query.ui.queries_binding import QueriesBinding
from query.ui.query_binding import QueryBinding


@pytest.fixture
def drawn():
    """One item for each time that something was to be drawn again."""
    return []


@pytest.fixture
def binding(drawn):
    """A binding to one query."""
    return QueryBinding(lambda: drawn.append(True), QueryObserver)


@pytest.fixture
def options(key):
    """Options that do not fetch."""
    return QueryOptions(query_key=key, enabled=False)


def observers(client):
    """How many observers the only query has."""
    (query,) = client.get_query_cache().get_all()
    return query.get_observers_count()


async def test_it_listens_while_it_is_mounted(client, options, binding):
    """Mounting and unmounting twice is as good as once: a framework may clean up more than once."""
    binding.show(client, options)
    assert observers(client) == 0
    unmount = binding.mount()
    binding.mount()
    assert observers(client) == 1
    unmount()
    unmount()
    assert observers(client) == 0


async def test_it_can_be_mounted_again(client, key, options, binding, drawn):
    """A framework may take a component off a page and put it back; what was missed is drawn."""
    binding.show(client, options)
    binding.mount()()
    client.set_query_data(key, "missed")
    binding.mount()
    assert observers(client) == 1
    assert len(drawn) == 1
    binding.unmount()


@pytest.mark.parametrize("many", [False, True])
async def test_a_query_that_is_collected_before_it_is_listened_to_is_made_anew(client, key, options, drawn, many):
    """As with a gc_time of 0: until the component is there, nobody observes it."""
    one, group = QueryBinding(lambda: drawn.append(True), QueryObserver), QueriesBinding(lambda: drawn.append(True))
    binding = group if many else one

    def show():
        return group.show(client, [options])[0] if many else one.show(client, options)

    client.set_query_data(key, "collected")
    assert show().data == "collected"
    client.remove_queries(key)
    binding.mount()
    assert len(drawn) == 1
    assert show().data is None
    client.set_query_data(key, "written")
    await turns()
    assert len(drawn) == 2
    assert show().data == "written"
    assert observers(client) == 1
    binding.unmount()


async def test_nothing_is_drawn_before_and_after(client, key, options, binding, drawn):
    """Neither for what changes, nor for what was about to be told."""
    binding.show(client, options)
    client.set_query_data(key, 1)
    await turns()
    assert drawn == []
    binding.show(client, options)
    binding.mount()
    client.set_query_data(key, 2)
    binding.unmount()
    await turns()
    assert drawn == []


async def test_renders_of_one_turn_are_settled_once(client, key, options, binding, drawn):
    """The options of the last one count."""
    binding.show(client, options)
    binding.mount()
    for number in range(10):
        binding.show(client, options.with_(meta={"number": number}))
    events = []
    unsubscribe = client.get_query_cache().subscribe(lambda event: events.append(event.type))
    await turns()
    unsubscribe()
    assert events.count("observer_options_updated") == 1
    assert binding.get_observer().options.meta == {"number": 9}
    assert drawn == []
    binding.unmount()


async def test_a_render_that_was_not_settled_is_no_matter_after_unmounting(client, options, binding):
    """Its options are not taken up."""
    binding.show(client, options)
    binding.mount()
    binding.show(client, options.with_(meta={"late": True}))
    binding.unmount()
    await turns()
    assert binding.get_observer().options.meta != {"late": True}


async def test_a_combined_value_that_is_never_the_same_does_not_draw_for_ever(client, options, drawn):
    """Each render makes another one, and the one that was drawn is the one that counts."""
    binding = QueriesBinding(lambda: drawn.append(True))
    binding.show(client, [options], lambda results: object())
    binding.mount()
    for _ in range(3):
        binding.show(client, [options], lambda results: object())
        await turns()
    assert drawn == []
    binding.unmount()


async def test_a_count_that_is_the_same_is_not_drawn(client, key, answering, drawn):
    """Whatever happens in between."""
    binding = CountBinding(lambda: drawn.append(True))
    binding.show(client, client.get_query_cache(), client.is_fetching)
    binding.mount()
    client.set_query_data(key, 1)
    await turns()
    assert drawn == []
    binding.unmount()


async def test_a_client_is_mounted_once_for_each_binding():
    """And let go of with it."""
    client = QueryClient()
    one, other = MountBinding(lambda: None), MountBinding(lambda: None)
    for binding in (one, other):
        binding.show(client)
        binding.mount()
    assert client._mount_count == 2
    one.unmount()
    one.unmount()
    assert client._mount_count == 1
    other.unmount()
    assert client._mount_count == 0


async def test_only_a_binding_that_was_shown_has_an_observer():
    """Before that there is nothing to mount."""
    for binding in (
        QueryBinding(lambda: None, QueryObserver),
        QueriesBinding(lambda: None),
        MutationBinding(lambda: None),
    ):
        with pytest.raises(AssertionError, match=r"show\(\) comes first"):
            binding.get_observer()


async def test_mutations_of_another_client_are_other_mutations(client, clock):
    """Listing them begins anew."""
    other = QueryClient(clock=clock)
    binding = MutationStateBinding(lambda: None)
    mutation = client.get_mutation_cache().build(client, MutationOptions(mutation_fn=lambda value, _: value))
    assert binding.show(client, client.get_mutation_cache().find_all, lambda mutation: mutation) == [mutation]
    binding.mount()
    assert binding.show(other, other.get_mutation_cache().find_all, lambda mutation: mutation) == []
    await turns()
    assert not client.get_mutation_cache().has_listeners()
    binding.unmount()
    await other.aclose()
