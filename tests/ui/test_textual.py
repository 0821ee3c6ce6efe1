"""What Textual's declarations do that no other framework has: when they begin, whom they tell, and when they end."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys

import pytest
from textual.app import App
from textual.containers import Vertical
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Input, Label, Static

from query import MissingQueryClientError, MutationFilters, MutationOptions, QueryClient, QueryOptions
from query.ui.textual import (
    CircularOptionsError,
    NotMountedError,
    QueryClientProvider,
    use_infinite_query,
    use_is_fetching,
    use_is_mutating,
    use_is_restoring,
    use_mutation,
    use_mutation_state,
    use_prefetch_query,
    use_queries,
    use_query,
    use_query_client,
)


async def turns(number=30):
    """Let the loop take turns."""
    for _ in range(number):
        await asyncio.sleep(0)


@pytest.fixture
def shown(client):
    """``async with shown(*widgets) as app:`` runs an app of these widgets, with the client of the test."""

    @contextlib.asynccontextmanager
    async def shown(*widgets, provide=True):
        class TestApp(App[None]):
            query_client = client if provide else None

            def compose(self):
                yield from widgets

        async with TestApp().run_test() as pilot:
            await turns()
            yield pilot.app
        assert [query for query in client.get_query_cache().get_all() if query.get_observers_count()] == []

    return shown


def observers(client, key):
    """How many observers a query has."""
    query = client.get_query_cache().find(key)
    return 0 if query is None else query.get_observers_count()


class Recorder(Static):
    """A widget that writes down what it is told."""

    def __init__(self):
        super().__init__()
        self.told = []


# -- the beginning


async def test_the_first_compose_has_the_result(shown, client, key, answering, clock):
    """Cached data is drawn at once, and so is the fetch that begins."""
    client.set_query_data(key, "cached")
    seen = []

    class View(Vertical):
        project = use_query(QueryOptions(query_key=key, query_fn=answering("fetched", after=1)))

        def compose(self):
            seen.append((self.project.data, self.project.is_fetching))
            yield Label(self.project.data)

    async with shown(View()):
        await clock.advance(1)
    assert seen == [("cached", True)]


async def test_watchers_are_called_when_the_children_are_there(shown, client, key):
    """First with what there is when the widget is mounted, then after each change."""

    class View(Vertical):
        project = use_query(QueryOptions(query_key=key, enabled=False))

        def compose(self):
            yield Label("")

        def watch_project(self, project):
            self.query_one(Label).update(str(project.data))

    async with shown(View()) as app:
        assert str(app.query_one(Label).render()) == "None"
        client.set_query_data(key, "written")
        await turns()
        assert str(app.query_one(Label).render()) == "written"


@pytest.mark.parametrize("kind", ["none", "new", "old and new", "async"])
async def test_watchers_are_called_as_those_of_reactive_attributes(shown, client, key, kind):
    """With no argument, the new result, or the one before as well; plain or async."""
    told = []

    def none(self):
        told.append((self.project.data,))

    def new(self, project):
        told.append((project.data,))

    def old_and_new(self, old, new):
        told.append((old.data, new.data))

    async def with_await(self, project):
        await asyncio.sleep(0)
        told.append((project.data,))

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False))
        watch_project = {"none": none, "new": new, "old and new": old_and_new, "async": with_await}[kind]

    async with shown(View()):
        client.set_query_data(key, 1)
        await turns()
    assert told == ([(None, None), (None, 1)] if kind == "old and new" else [(None,), (1,)])


async def test_without_init_watchers_are_not_called_at_first(shown, client, key):
    """As with reactive attributes."""
    told = []

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False), init=False)

        def watch_project(self, project):
            told.append(project.data)

    async with shown(View()):
        client.set_query_data(key, 1)
        await turns()
    assert told == [1]


async def test_it_must_not_be_read_before_it_is_mounted(client, key):
    """There are no ancestors yet, and so no client."""

    class View(Static):
        project = use_query(QueryOptions(query_key=key))

    with pytest.raises(NotMountedError, match=r"View\.project was read before the View was mounted.* not in __init__"):
        _ = View().project


async def test_a_widget_without_a_client_says_where_it_looked(shown, key):
    """The app ends with the error, as with any other of a widget that is mounted."""

    class View(Static):
        project = use_query(QueryOptions(query_key=key))

    with pytest.raises(MissingQueryClientError, match="looked for one in TestApp > Screen > View"):
        async with shown(View(), provide=False):
            pass


async def test_it_cannot_be_set(shown, client, key):
    """What is shown comes from the cache."""

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False))
        client = use_query_client()

    view = View()
    async with shown(view):
        with pytest.raises(AttributeError, match=r"View\.project shows what is in the cache.*set_query_data"):
            view.project = 1
        with pytest.raises(AttributeError, match="cannot be set"):
            view.client = client


# -- which client


async def test_the_nearest_ancestor_with_a_client_counts(shown, client):
    """A provider before the app, the inner one before the outer."""
    outer, inner = QueryClient(), QueryClient()

    class View(Static):
        client = use_query_client()

    by_app, by_outer, by_inner = View(), View(), View()
    async with shown(by_app, QueryClientProvider(by_outer, QueryClientProvider(by_inner, client=inner), client=outer)):
        assert (by_app.client, by_outer.client, by_inner.client) == (client, outer, inner)


async def test_a_client_can_be_given_with_the_declaration(shown, key):
    """Then no ancestor is asked."""
    own = QueryClient()
    own.set_query_data(key, "own")

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False), client=own)
        query_client = use_query_client(own)

    view = View()
    async with shown(view, provide=False):
        assert view.project.data == "own"
        assert view.query_client is own


async def test_what_is_no_client_is_refused(client):
    """It is said whose it is."""
    with pytest.raises(TypeError, match="the query client of QueryClientProvider.* is a dict, which is no QueryClient"):
        QueryClientProvider(client={})


async def test_the_client_is_mounted_while_a_widget_uses_it(shown, key, focus):
    """So that stale queries are fetched again when the network comes back, whoever made the client."""
    own = QueryClient(focus_manager=focus)

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False), client=own)

    before = focus.has_listeners(), own._mount_count
    async with shown(View(), QueryClientProvider(client=own)):
        assert own._mount_count == 2
    assert (focus.has_listeners(), own._mount_count) == before


# -- options that follow the widget


async def test_options_follow_reactive_attributes(shown, client, key):
    """Another key is looked at as soon as the attribute is set; the watchers hear of it afterwards."""
    told = []

    class View(Static):
        slug = reactive("a")
        project = use_query(lambda self: QueryOptions(query_key=[*key, self.slug], enabled=False))

        def watch_project(self, project):
            told.append(project.data)

    view = View()
    client.set_query_data([*key, "a"], "data of a")
    client.set_query_data([*key, "b"], "data of b")
    async with shown(view):
        view.slug = "b"
        assert view.project.data == "data of b"
        assert (observers(client, [*key, "a"]), observers(client, [*key, "b"])) == (0, 1)
        await turns()
    assert told == ["data of a", "data of b"]


async def test_options_follow_attributes_that_are_changed_in_place(shown, client, key):
    """And said to be, with mutate_reactive."""

    class View(Static):
        slugs = reactive(list)
        projects = use_queries(lambda self: [QueryOptions(query_key=[*key, s], enabled=False) for s in self.slugs])

    view = View()
    async with shown(view):
        view.slugs.append("a")
        view.mutate_reactive(View.slugs)
        assert [result.status for result in view.projects] == ["pending"]


async def test_options_follow_computed_attributes(shown, client, key):
    """Which count as changed whenever they are read."""
    read = []

    class View(Static):
        number = reactive(1)
        double = reactive(0)

        def compute_double(self):
            return self.number * 2

        @use_query
        def project(self):
            read.append(self.double)
            return QueryOptions(query_key=[*key, self.double], enabled=False)

    view = View()
    async with shown(view):
        read.clear()
        view.number = 2
        assert observers(client, [*key, 4]) == 1
        read.clear()
        assert view.double == 4
        assert read == []


async def test_options_follow_what_every_widget_has_if_they_name_it(shown, client, key):
    """Else they would be read again at each movement of the mouse."""
    read = []

    class View(Static):
        named = use_query(lambda self: QueryOptions(query_key=[*key, self.has_focus], enabled=False))

    class Other(Static):
        @use_query
        def unnamed(self):
            read.append(self.id)
            return QueryOptions(query_key=key, enabled=False)

    view, other = View(), Other()
    async with shown(view, other):
        view.has_focus = other.has_focus = True
        assert observers(client, [*key, True]) == 1
        assert read == [None]


async def test_options_follow_what_an_ancestor_binds(shown, client, key):
    """Textual's own way to hand data down."""

    class View(Static):
        slug = reactive("")
        project = use_query(lambda self: QueryOptions(query_key=[*key, self.slug], enabled=False))

    class Page(Vertical):
        slug = reactive("a")

        def compose(self):
            yield View().data_bind(Page.slug)

    page = Page()
    async with shown(page):
        assert observers(client, [*key, "a"]) == 1
        page.slug = "b"
        await turns()
        assert (observers(client, [*key, "a"]), observers(client, [*key, "b"])) == (0, 1)


async def test_options_follow_other_declarations(shown, client, key, answering, clock):
    """One query needs what another delivers."""

    class View(Static):
        user = use_query(QueryOptions(query_key=[*key, "user"], query_fn=answering(7, after=1)))
        projects = use_query(
            lambda self: QueryOptions(
                query_key=[*key, self.user.data], query_fn=answering("projects"), enabled=self.user.is_success
            )
        )

    view = View()
    async with shown(view):
        assert (view.projects.status, view.projects.fetch_status) == ("pending", "idle")
        await clock.advance(1)
        await turns()
        assert view.projects.data == "projects"


async def test_options_that_need_one_another_are_refused(shown, client):
    """With the names, in the order in which they need each other."""

    class View(Static):
        first = use_query(lambda self: QueryOptions(query_key=["first", self.second.data]))
        second = use_query(lambda self: QueryOptions(query_key=["second", self.first.data]))

    with pytest.raises(CircularOptionsError, match="View go round in a circle: first needs second needs first"):
        async with shown(View()):
            pass


async def test_subscribed_follows_the_widget(shown, client, key):
    """While it says no, the cache is not followed; what is read is up to date."""
    told = []

    class View(Static):
        on = reactive(False)
        project = use_query(QueryOptions(query_key=key, enabled=False), subscribed=lambda self: self.on)

        def watch_project(self, project):
            told.append(project.data)

    view = View()
    async with shown(view):
        assert observers(client, key) == 0
        client.set_query_data(key, 1)
        await turns()
        assert (view.project.data, told) == (1, [None])
        view.on = True
        await turns()
        assert (observers(client, key), told) == (1, [None, 1])
        view.on = False
        assert observers(client, key) == 0


# -- what it does at a change


async def test_a_change_of_what_was_not_read_is_not_told(shown, client, key):
    """The watcher reads the data alone."""
    told = []

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False, initial_data=1))

        def watch_project(self, project):
            told.append(project.data)

    async with shown(View()):
        client.set_query_data(key, 1)
        await client.invalidate_queries(key)
        await turns()
    assert told == [1]


async def test_changes_of_one_turn_are_told_once(shown, client, key):
    """With the last of them."""
    told = []

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False))

        def watch_project(self, project):
            told.append(project.data)

    async with shown(View()):
        for number in range(10):
            client.set_query_data(key, number)
        await turns()
    assert told == [None, 9]


async def test_a_handler_that_waits_does_not_keep_its_widget_from_hearing(shown, client, answering, clock):
    """A button's handler awaits a mutation; meanwhile the widget shows that it is pending."""
    told = []

    class View(Static):
        save = use_mutation(MutationOptions(mutation_fn=answering("saved", after=1)))

        def watch_save(self, save):
            told.append(save.status)

        async def on_click(self):
            told.append(await self.save.mutate_async(None))

    view = View()
    async with shown(view):
        view.call_later(view.on_click)
        await turns()
        assert told == ["idle", "pending"]
        await clock.advance(1)
        await turns()
    assert sorted(told[2:]) == ["saved", "success"]


async def test_an_error_of_a_watcher_ends_the_app(shown, client, key):
    """As that of any other watcher; the cache goes on."""

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False))

        def watch_project(self, project):
            if project.data:
                raise ValueError("a watcher failed")

    with pytest.raises(ValueError, match="a watcher failed"):
        async with shown(View()):
            client.set_query_data(key, 1)
            await turns()


async def test_recompose_draws_the_children_anew(shown, client, key):
    """If the declaration says so."""

    class View(Vertical):
        project = use_query(QueryOptions(query_key=key, enabled=False), recompose=True)

        def compose(self):
            yield Label(str(self.project.data))

    async with shown(View()) as app:
        client.set_query_data(key, "written")
        await turns(60)
        assert [str(label.render()) for label in app.query(Label)] == ["written"]


async def test_bindings_are_looked_at_anew_if_the_declaration_says_so(shown, client, key):
    """So that a key can be there while there is data."""
    asked = []

    class View(Static):
        can_focus = True
        project = use_query(QueryOptions(query_key=key, enabled=False), bindings=True, repaint=False)

    view = View()
    async with shown(view) as app:
        view.focus()
        await turns()
        app.screen.bindings_updated_signal.subscribe(view, lambda _: asked.append(view.project.data), immediate=True)
        client.set_query_data(key, "written")
        await turns()
        app.screen._on_timer_update()
        await turns()
        assert "written" in asked


async def test_a_declaration_reads_as_what_it_is_on_the_class(key):
    """As reactive attributes do; there is no widget yet."""

    class View(Static):
        project = use_query(QueryOptions(query_key=key))
        client = use_query_client()
        restoring = use_is_restoring()

    assert View.project.name == "project"
    assert View.client is vars(View)["client"]
    assert View.restoring is vars(View)["restoring"]


async def test_whether_a_cache_is_being_restored_cannot_be_set(shown):
    """A provider says so."""

    class View(Static):
        restoring = use_is_restoring()

    view = View()
    async with shown(view):
        assert view.restoring is False
        with pytest.raises(AttributeError, match="is said by an IsRestoringProvider"):
            view.restoring = True


async def test_filters_and_options_of_mutations_follow_the_widget(shown, client, answering, clock):
    """Those of queries are not the only ones."""

    class View(Static):
        kind = reactive("a")
        mutating = use_is_mutating(lambda self: [self.kind])
        states = use_mutation_state(lambda self: [self.kind])
        save = use_mutation(lambda self: MutationOptions(mutation_key=[self.kind], mutation_fn=answering("x", after=1)))

    view = View()
    async with shown(view):
        view.kind = "b"
        view.save.mutate(None)
        await turns()
        assert (view.mutating, len(view.states)) == (1, 1)
        view.kind = "c"
        assert (view.mutating, view.states) == (0, [])
        await clock.advance(1)


async def test_a_watcher_keeps_the_focus(shown, client, key):
    """Which recompose would lose; so it is not what happens if nothing is said."""

    class View(Vertical):
        project = use_query(QueryOptions(query_key=key, enabled=False))

        def compose(self):
            yield Input(str(self.project.data))

    async with shown(View()) as app:
        field = app.query_one(Input)
        field.focus()
        client.set_query_data(key, "written")
        await turns(60)
        assert app.focused is field


async def test_results_go_down_by_data_bind(shown, client, key):
    """And to whoever else watches."""
    watched = []

    class Row(Static):
        project = reactive(None)

    class View(Vertical):
        project = use_query(QueryOptions(query_key=key, enabled=False))

        def compose(self):
            yield Row().data_bind(View.project)

    view = View()
    async with shown(view) as app:
        app.watch(view, "project", lambda project: watched.append(project.data))
        client.set_query_data(key, "written")
        await turns()
        assert app.query_one(Row).project.data == "written"
    assert watched == [None, "written"]


# -- all the hooks


async def test_an_infinite_query(shown, client, infinite, paging):
    """Its result has what fetches the next page."""

    class View(Static):
        pages = use_infinite_query(infinite(query_fn=paging()))

    view = View()
    async with shown(view):
        await view.pages.fetch_next_page()
        assert view.pages.data.pages == ["page 0", "page 1"]


async def test_several_queries_combined(shown, client, key):
    """The watcher hears only of another combined value."""
    told = []

    class View(Static):
        total = use_queries(
            [QueryOptions(query_key=[*key, name], enabled=False) for name in "ab"],
            combine=lambda results: sum(result.data or 0 for result in results),
        )

        def watch_total(self, total):
            told.append(total)

    async with shown(View()):
        client.set_query_data([*key, "a"], 1)
        await turns()
        client.set_query_data([*key, "b"], 0)
        await turns()
    assert told == [0, 1]


async def test_numbers_and_states_of_the_caches(shown, client, key, answering, clock):
    """A class of the widget can follow them."""

    class View(Static):
        fetching = use_is_fetching(toggle_class="busy")
        mutating = use_is_mutating(["save"])
        names = use_mutation_state(MutationFilters(status="pending"), select=lambda mutation: mutation.state.variables)
        save = use_mutation(MutationOptions(mutation_key=["save"], mutation_fn=answering("saved", after=2)))

    view = View()
    async with shown(view):
        client.prefetch_query(QueryOptions(query_key=key, query_fn=answering("data", after=1)))
        view.save.mutate("name")
        await turns()
        assert (view.fetching, view.mutating, view.names, view.has_class("busy")) == (1, 1, ["name"], True)
        await clock.advance(1)
        await turns()
        assert (view.fetching, view.has_class("busy")) == (0, False)
        await clock.advance(1)
        await turns()
        assert (view.mutating, view.names) == (0, [])


async def test_a_query_is_fetched_ahead_once(shown, client, key, answering):
    """Before what is below is composed, and only if nothing is known of it."""
    fn = answering("data")
    options = QueryOptions(query_key=key, query_fn=fn)

    class View(Vertical):
        ahead = use_prefetch_query(options)

        def compose(self):
            assert client.is_fetching() == 1
            yield Label("")

    async with shown(View(), View()):
        await turns()
        assert len(fn.calls) == 1


# -- where it is declared


async def test_an_app_and_a_screen_declare_as_well(client, key):
    """And what a class inherits, from a widget or from a plain class, begins and ends like its own."""
    told = []

    class Mixin:
        mixed = use_query(QueryOptions(query_key=[*key, "mixed"], enabled=False))

        def watch_mixed(self, mixed):
            told.append(mixed.data)

    class Page(Mixin, Screen[None]):
        paged = use_query(QueryOptions(query_key=[*key, "paged"], enabled=False))

    class TestApp(App[None]):
        query_client = client
        project = use_query(QueryOptions(query_key=[*key, "app"], enabled=False))

        def watch_project(self, project):
            told.append(project.data)

    class SubApp(TestApp):
        pass

    async with SubApp().run_test() as pilot:
        await pilot.app.push_screen(Page())
        await turns()
        for name in ("app", "mixed"):
            client.set_query_data([*key, name], name)
        await turns()
        assert [observers(client, [*key, name]) for name in ("app", "mixed", "paged")] == [1, 1, 1]
    assert told == [None, None, "app", "mixed"]
    assert [observers(client, [*key, name]) for name in ("app", "mixed", "paged")] == [0, 0, 0]


# -- the end


async def test_a_removed_widget_observes_nothing(shown, client, key):
    """It still shows what it showed last."""

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False))

    view, other = View(), View()
    async with shown(view, other):
        client.set_query_data(key, "last")
        assert observers(client, key) == 2
        await view.remove()
        assert observers(client, key) == 1
        client.set_query_data(key, "later")
        assert (view.project.data, other.project.data) == ("last", "later")


async def test_a_widget_that_is_mounted_again_begins_again(shown, client, key):
    """With what is there by then."""

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False))

    view = View()
    async with shown(view) as app:
        await view.remove()
        client.set_query_data(key, "later")
        await app.mount(view)
        assert (view.project.data, observers(client, key)) == ("later", 1)


async def test_a_popped_screen_observes_nothing(shown, client, key):
    """The one below goes on."""

    class Page(Screen[None]):
        project = use_query(QueryOptions(query_key=key, enabled=False))

    async with shown() as app:
        await app.push_screen(Page())
        await app.push_screen(Page())
        assert observers(client, key) == 2
        await app.pop_screen()
        assert observers(client, key) == 1
        await app.pop_screen()
        assert observers(client, key) == 0


async def test_an_app_may_exit_while_it_fetches(shown, client, key, answering, clock):
    """Nobody observes any more, and what arrives later harms nobody."""
    told = []

    class View(Static):
        project = use_query(QueryOptions(query_key=key, query_fn=answering("data", after=1)))

        def watch_project(self, project):
            told.append(project.status)

    async with shown(View()) as app:
        app.exit()
    await clock.advance(1)
    assert told == ["pending"]
    assert client.get_query_data(key) == "data"


async def test_a_change_on_the_way_out_is_not_told(shown, client, key):
    """The children of a widget that goes are gone before it."""
    told = []

    class View(Vertical):
        project = use_query(QueryOptions(query_key=key, enabled=False))

        def compose(self):
            yield Label("")

        def watch_project(self, project):
            told.append(project.data)
            self.query_one(Label).update(str(project.data))

    view = View()
    async with shown(view):
        client.set_query_data(key, 1)
        await view.remove()
        await turns()
    assert told == [None]


async def test_a_widget_that_failed_while_it_was_mounted_observes_nothing(shown, client, key):
    """Though Textual never tells it that it is unmounted."""

    class View(Static):
        project = use_query(QueryOptions(query_key=key, enabled=False))

        def on_mount(self):
            assert observers(client, key) == 1
            raise ValueError("not today")

    with pytest.raises(ValueError, match="not today"):
        async with shown(View()):
            pass
    assert observers(client, key) == 0


# -- without Textual


def test_a_missing_package_is_named_with_the_extra_that_brings_it():
    """In the error that Python raises for a module that is not there."""
    program = "import sys; sys.modules['textual'] = None; import query.ui.textual"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.stderr.splitlines()[-1] == (
        "ImportError: query.ui.textual needs textual>=8.0. Install it with: pip install 'pytest-mockapi[textual]'"
    )
