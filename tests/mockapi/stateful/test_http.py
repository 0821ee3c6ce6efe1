"""Real HTTP calls in a machine: caught by the mock, answered in the order that is drawn."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from mockapi.stateful import QueryCacheMachine
from query import MutationOptions, invalidates
from query.api import api_options, fetch_mutation

QUICK = settings(
    max_examples=10,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
PROJECTS = api_options.as_(list)("/projects/", stale_time=30)
PROJECT = api_options.as_(dict)("/projects/$slug/", path={"slug": "apollo"}, stale_time=0)


class Projects(QueryCacheMachine):
    queries = {"projects": PROJECTS.with_(retry=2), "project": PROJECT.with_(retry=0)}
    mutations = {
        "rename": MutationOptions(
            mutation_fn=fetch_mutation("PUT", "/projects/apollo/"), on_settled=invalidates(PROJECTS)
        )
    }
    payloads = {
        "projects": st.lists(st.integers(0, 3), max_size=2),
        "project": st.fixed_dictionaries({"id": st.integers(0, 3)}),
        "rename": st.none(),
    }
    variables = st.fixed_dictionaries({"name": st.sampled_from("ab")})


def test_nothing_is_wrong_with_queries_that_call():
    """Calls are held, answered, failed and cancelled like the functions of the machine, and leave nothing behind."""
    run_state_machine_as_test(Projects, settings=QUICK)


def test_the_program_is_told_the_answer():
    """What the machine answers a call with is the JSON that the query holds."""
    machine = Projects()
    payload = {"projects": [1], "project": {"id": 0}, "rename": None}
    machine.fetch(name="projects", waits=True, settle=True)
    machine.answer(which=0, payload=payload, settle=True)
    assert machine.get_data("projects").json == [1]
    machine.teardown()


def test_a_failed_call_is_an_answer_of_500():
    """``fail`` is the server's failure, as the program sees it."""
    machine = Projects()
    machine.fetch(name="project", waits=False, settle=True)
    machine.fail(which=0, settle=True)
    assert machine.client.get_query_state(PROJECT.query_key).error.status == 500
    machine.teardown()


def test_mocks_of_its_own_answer_by_themselves():
    """What ``mock`` registers is not held."""

    class Mocked(Projects):
        def mock(self, mock_api_client):
            mock_api_client.get("/projects/", [7])

    machine = Mocked()
    machine.fetch(name="projects", waits=False, settle=True)
    assert machine.get_data("projects").json == [7]
    machine.teardown()
