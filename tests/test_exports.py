"""What users import: each front door lists it, and each name of it is documented.

A name that is added to a front door is added here too: that diff is the review of the public surface.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import re
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

PUBLIC = {
    "query": [
        "QueryClient",
        "DefaultOptions",
        "QueryOptions",
        "query_options",
        "MutationOptions",
        "mutation_options",
        "update_data",
        "take_back",
        "Undo",
        "invalidates",
        "InfiniteQueryOptions",
        "infinite_query_options",
        "InfiniteData",
        "QueryFilters",
        "MutationFilters",
        "QueryKey",
        "QueryObserver",
        "QueryObserverResult",
        "QueryResult",
        "PendingResult",
        "SuccessResult",
        "ErrorResult",
        "LoadingErrorResult",
        "RefetchErrorResult",
        "ResultStream",
        "InfiniteQueryObserver",
        "InfiniteQueryObserverResult",
        "InfinitePendingResult",
        "InfiniteSuccessResult",
        "InfiniteLoadingErrorResult",
        "InfiniteRefetchErrorResult",
        "QueriesObserver",
        "OptimisticResults",
        "MutationObserver",
        "MutationObserverResult",
        "MutationResult",
        "IdleMutationResult",
        "PendingMutationResult",
        "SuccessMutationResult",
        "ErrorMutationResult",
        "QueryCache",
        "QueryCacheEvent",
        "MutationCache",
        "MutationCacheEvent",
        "Query",
        "QueryState",
        "Mutation",
        "MutationState",
        "Handle",
        "UNSET",
        "Unset",
        "skip_token",
        "SkipToken",
        "keep_previous_data",
        "QueryFunctionContext",
        "InfiniteQueryFunctionContext",
        "MutationFunctionContext",
        "QueryClientView",
        "QueryView",
        "MutationView",
        "AbortSignalView",
        "dehydrate",
        "hydrate",
        "dehydrate_query",
        "default_should_dehydrate_query",
        "default_should_dehydrate_mutation",
        "DehydrateOptions",
        "HydrateOptions",
        "DehydratedState",
        "DehydratedQuery",
        "DehydratedMutation",
        "CompactQueries",
        "from_tanstack",
        "to_tanstack",
        "persist_query_client",
        "persist_query_client_restore",
        "persist_query_client_save",
        "persist_query_client_subscribe",
        "ClientPersistence",
        "PersistedClient",
        "Persister",
        "create_storage_persister",
        "StoragePersister",
        "PersistRetryer",
        "remove_oldest_query",
        "broadcast_query_client",
        "QueryBroadcast",
        "BroadcastTransport",
        "BroadcastErrorEvent",
        "Storage",
        "ListableStorage",
        "MemoryStorage",
        "FileStorage",
        "Clock",
        "SystemClock",
        "FocusManager",
        "focus_manager",
        "OnlineManager",
        "online_manager",
        "NotifyManager",
        "notify_manager",
        "TimeoutManager",
        "timeout_manager",
        "EnvironmentManager",
        "environment_manager",
        "hash_key",
        "partial_match_key",
        "register_key_type",
        "replace_equal_deep",
        "match_query",
        "match_mutation",
        "should_throw_error",
        "is_cancelled_error",
        "in_thread",
        "streamed_query",
        "create_query_persister",
        "QueryPersister",
        "PersistedQuery",
        "ms",
        "QueryError",
        "QueryCancelledError",
        "MissingQueryFnError",
        "MissingMutationFnError",
        "MissingQueryClientError",
        "NoDataError",
        "DehydratedError",
        "RedactedError",
        "HydrationError",
        "SerializationError",
        "ResultTimeoutError",
        "QueryKeyError",
        "OptionError",
        "UnknownOptionError",
        "LoopError",
    ],
    "query.api": [
        "api_options",
        "select_json",
        "select_json_with_headers",
        "skip_token",
        "SkipToken",
        "StaleTime",
        "fetch_mutation",
        "EndpointTable",
        "TableApiOptions",
        "Endpoint",
        "FlatEndpoint",
        "QueriedEndpoint",
        "FlatQueriedEndpoint",
        "ApiUrl",
        "FlatApiUrl",
        "ApiMutation",
        "FlatApiMutation",
        "ApiUpload",
        "FlatApiUpload",
        "NoQuery",
        "QueryParams",
        "Parse",
        "Validate",
        "PathValue",
        "update_json",
        "update_pages",
        "ApiRequest",
        "get_api_url",
        "ApiClient",
        "set_api_client",
        "get_api_client",
        "ApiResponse",
        "ResponseHeaders",
        "Link",
        "parse_link_header",
        "page_param",
        "ApiInfiniteOptions",
        "api_fetch_infinite",
        "select_json_pages",
        "PageStrategy",
        "PageParam",
        "PageError",
        "link_pages",
        "page_number",
        "offset_pages",
        "next_url_in_body",
        "cursor_in_body",
        "ApiQueryOptions",
        "RequestError",
        "Problem",
        "ResponseValidationError",
        "ResponseValidationWarning",
        "Mismatch",
        "NamedType",
        "api_fetch_as",
        "call_api",
        "api_download",
        "api_download_sync",
        "ConcurrencyLimit",
        "limit_concurrency",
        "host_of_call",
        "batch_requests",
        "BatchContext",
        "NotInBatchError",
        "api_retry",
        "ApiRetry",
        "retry_after_delay",
        "is_worth_retrying",
        "PathParamError",
        "MissingPathParamError",
        "UnknownPathParamError",
        "UnknownApiUrlError",
        "UndocumentedMethodError",
        "api_fetch",
        "api_query_key",
        "parse_api_query_key",
    ],
    "query.sync": [
        "QueryClient",
        "QueryObserver",
        "InfiniteQueryObserver",
        "QueriesObserver",
        "MutationObserver",
        "ResultStream",
    ],
    "query.devtools": [
        "devtools",
        "Devtools",
        "serve_devtools",
        "DevtoolsServer",
        "BlockingDevtoolsServer",
        "devtools_snapshot",
        "EventLog",
        "LoggedEvent",
        "TriggeredError",
    ],
    "query.ui.reactpy": [
        "QueryClientProvider",
        "use_query_client",
        "use_query",
        "use_queries",
        "use_infinite_query",
        "use_prefetch_query",
        "use_mutation",
        "use_mutation_state",
        "use_is_fetching",
        "use_is_mutating",
        "IsRestoringProvider",
        "use_is_restoring",
    ],
    "query.ui.flet": [
        "QueryClientProvider",
        "use_query_client",
        "use_query",
        "use_queries",
        "use_infinite_query",
        "use_prefetch_query",
        "use_mutation",
        "use_mutation_state",
        "use_is_fetching",
        "use_is_mutating",
        "IsRestoringProvider",
        "use_is_restoring",
    ],
    "query.ui.textual": [
        "QueryClientProvider",
        "use_query_client",
        "use_query",
        "use_queries",
        "use_infinite_query",
        "use_prefetch_query",
        "use_mutation",
        "use_mutation_state",
        "use_is_fetching",
        "use_is_mutating",
        "IsRestoringProvider",
        "use_is_restoring",
        "Declaration",
        "NotMountedError",
        "CircularOptionsError",
    ],
    "mockapi": [
        "MockApiClient",
        "ResponseMock",
        "Call",
        "CallList",
        "Answer",
        "NEXT",
        "PASS",
        "EXAMPLE",
        "SseEvent",
        "Gate",
        "Scenario",
        "MakeTestQueryClient",
        "check_invariants",
        "InvariantWatch",
        "expect_query",
        "assert_no_leaks",
        "QueryExpectation",
        "QueryExpectationError",
        "ClientLeakError",
        "InvariantError",
        "BrokenInvariant",
        "VirtualClock",
        "match_query",
        "match_data",
        "match_headers",
        "match_cookies",
        "match_form",
        "match_files",
        "match_content",
        "match_schema",
        "ABSENT",
        "Mismatch",
        "Matcher",
        "SentFile",
        "UNSET",
        "UnmatchedRequestError",
        "UnmatchedRequestAbort",
        "UnusedMockError",
        "UnusedMockWarning",
        "LeakError",
        "TimeStandsStillError",
        "EndlessTimersError",
        "RealTimeError",
        "UnsupportedLoopError",
        "load_description",
        "Description",
        "Coverage",
        "DescriptionError",
        "MockContractError",
        "RequestContractError",
        "AnswerContractError",
        "ExampleError",
        "MissingExtraError",
    ],
    "mockapi.stateful": ["QueryCacheMachine", "CacheViolationError", "RequestFailedError"],
    "mockapi.render": [
        "render",
        "render_hook",
        "render_page",
        "wait_for",
        "Screen",
        "BlockingScreen",
        "Queries",
        "RenderedHook",
        "BlockingHook",
        "Element",
        "TextMatch",
        "ElementNotFound",
        "MultipleElementsFound",
        "WaitTimeoutError",
        "StaleElementError",
        "UnsupportedActionError",
        "Backend",
        "Commits",
        "Wrapper",
    ],
    "mockapi.strategies": [
        "statuses",
        "json_payloads",
        "responses",
        "latencies",
        "network_faults",
        "fault_names",
        "truncated_bodies",
        "broken_bodies",
        "non_json_bodies",
        "exchanges",
        "link_headers",
        "pages",
        "query_keys",
        "equal_keys",
        "different_keys",
        "stale_times",
        "retry_policies",
        "query_options_sets",
        "schedules",
    ],
}


def exported():
    """Every exported name of every front door: (package, name)."""
    return [(package, name) for package, names in PUBLIC.items() for name in names]


def ours(thing):
    """Whether a class or function is written in this repository."""
    return (getattr(thing, "__module__", None) or "").split(".")[0] in {"query", "mockapi"}


def written_doc(thing):
    """The docstring that somebody wrote; what ``dataclass`` makes up, ``Name(field, ...)``, is none."""
    doc = inspect.getdoc(thing) or ""
    return "" if inspect.isclass(thing) and doc.startswith(f"{thing.__name__}(") else doc


@functools.cache
def constant_docs():
    """The strings written below module-level assignments anywhere in the packages, by name."""
    docs = {}
    for path in [path for package in ("query", "mockapi") for path in (ROOT / package).rglob("*.py")]:
        body = ast.parse(path.read_text(encoding="utf-8")).body
        for statement, following in zip(body, body[1:], strict=False):
            targets = getattr(statement, "targets", [getattr(statement, "target", None)])
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                docs.update({t.id: following.value.value for t in targets if isinstance(t, ast.Name)})
    return docs


def members(cls):
    """The public methods and properties of a class, its bases in this repository included: {name: callable}.

    What overrides a foreign class, such as ``Coroutine.send``, is documented where it comes from.
    """
    found = {}
    foreign = {name for base in cls.__mro__ if not ours(base) for name in vars(base)}
    for base in reversed(cls.__mro__):
        if not ours(base):
            continue
        for name, value in vars(base).items():
            function = getattr(value, "fget", None) or getattr(value, "__func__", None) or value
            if not name.startswith("_") and name not in foreign and inspect.isroutine(function) and ours(function):
                found[name] = function
    return found


def documented_arguments(doc):
    """The names below ``Args:``."""
    section = re.search(r"^Args:\n((?:[ ]+.*\n?|\n(?=[ ]))+)", doc, re.MULTILINE)
    lines = section[1].splitlines() if section else []
    indent = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    entries = [re.match(rf" {{{indent}}}((?:\*{{0,2}}\w+(?:, )?)+)(?: \([^)]*\))?:", line) for line in lines]
    return [name for entry in entries if entry for name in entry[1].replace("*", "").split(", ")]


def argument_faults(function, doc):
    """What the ``Args:`` of a docstring lack, and what they have that the signature has not."""
    parameters = inspect.signature(function).parameters.values()
    wanted = [p.name for p in parameters if p.name not in {"self", "cls"} and not p.name.startswith("_")]
    said = documented_arguments(doc)
    faults = [f"{name} is not documented" for name in wanted if name not in said]
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        faults += [f"{name} is documented, but no argument" for name in said if name not in wanted]
    return faults


@pytest.mark.parametrize("package", PUBLIC)
def test_all_lists_exactly_the_public_names(package):
    """``__all__`` is what users may rely on, in the order of the docs."""
    assert importlib.import_module(package).__all__ == PUBLIC[package]


@pytest.mark.parametrize("package", PUBLIC)
def test_all_has_no_doubles_and_nothing_private(package):
    """A leading underscore says "private to its file"; such a name is not listed."""
    names = importlib.import_module(package).__all__
    assert len(names) == len(set(names))
    assert not [name for name in names if name.startswith("_")]


@pytest.mark.parametrize("package", PUBLIC)
def test_the_front_door_shows_nothing_that_it_does_not_list(package):
    """What can be imported by accident would be relied on."""
    module = importlib.import_module(package)
    shown = {name for name, value in vars(module).items() if name[0] != "_" and not isinstance(value, types.ModuleType)}
    assert shown - {"annotations", "TYPE_CHECKING", "Any"} <= set(module.__all__)


@pytest.mark.parametrize(("package", "name"), exported())
def test_an_exported_name_exists_and_is_documented(package, name):
    """``help()`` of it, or the string below the constant in the source, says what it is."""
    value = getattr(importlib.import_module(package), name)
    doc = written_doc(value) if inspect.isclass(value) or inspect.isroutine(value) else constant_docs().get(name)
    assert doc, f"{package}.{name} has no docstring. Write one, or a string below the assignment of a constant."


@pytest.mark.parametrize(("package", "name"), exported())
def test_an_exported_class_documents_its_methods_and_properties(package, name):
    """Every public member of every exported class has a docstring, its own or that of the base it overrides."""
    value = getattr(importlib.import_module(package), name)
    if not inspect.isclass(value):
        value = type(value)
    bare = [member for member in members(value) if not inspect.getdoc(getattr(value, member))]
    assert not bare, f"{value.__name__}: no docstring at {', '.join(bare)}"


@pytest.mark.parametrize(("package", "name"), exported())
def test_exported_arguments_are_documented_name_by_name(package, name):
    """``Args:`` lists every argument of an exported function and of each method of an exported class, and no other.

    A class whose docstring has ``Args:`` is for users to make, and lists those of its constructor likewise.
    """
    value = getattr(importlib.import_module(package), name)
    faults = []
    if inspect.isroutine(value):
        faults += [f"{name}(): {fault}" for fault in argument_faults(value, written_doc(value))]
    elif inspect.isclass(value):
        if documented_arguments(written_doc(value)):
            faults += [f"{name}: {fault}" for fault in argument_faults(value, written_doc(value))]
        for member, function in members(value).items():
            if not isinstance(inspect.getattr_static(value, member), property):
                doc = inspect.getdoc(getattr(value, member)) or ""
                faults += [f"{name}.{member}(): {fault}" for fault in argument_faults(function, doc)]
    assert not faults, "\n" + "\n".join(faults)


class Sample:
    """Made up for the tests below."""

    def _quiet(self): ...

    def loud(self, size, *parts, deep=False, **rest):
        """Documented by halves.

        Args:
            size: In bytes, as in
                this: that.
            **rest: Others.
            deeper: No such argument, but *rest* may hold it.
        """

    def bare(self): ...

    @property
    def width(self):
        """A property."""


@pytest.mark.parametrize(
    ("doc", "said"),
    [
        ("Do.", ["a is not documented", "b is not documented"]),
        ("Do.\n\nArgs:\n    a: One.\n    b: Two.\n\nReturns:\n    c: No argument.", []),
        ("Do.\n\nArgs:\n    a, b: Both.", []),
        ("Do.\n\nArgs:\n    a (int): One.\n    c: Three.", ["b is not documented", "c is documented, but no argument"]),
        ("Do.\n\nArgs:\n    a: One,\n        b: not an entry.\n", ["b is not documented"]),
    ],
)
def test_the_argument_check_finds_what_is_missing_and_what_is_left_over(doc, said):
    """The guard reads ``Args:`` by indentation and nothing else."""
    assert argument_faults(lambda a, *b: None, doc) == said


def test_the_argument_check_lets_keyword_arguments_be_named():
    """Names that ``**rest`` takes may be listed; star arguments are arguments too."""
    assert argument_faults(Sample.loud, inspect.getdoc(Sample.loud)) == [
        "parts is not documented",
        "deep is not documented",
    ]


def test_the_member_check_sees_methods_and_properties(monkeypatch):
    """Private names and foreign bases are left out."""
    monkeypatch.setattr(Sample, "__module__", "query.sample")
    for name in ("_quiet", "loud", "bare"):
        monkeypatch.setattr(vars(Sample)[name], "__module__", "query.sample")
    monkeypatch.setattr(Sample.width.fget, "__module__", "query.sample")
    assert set(members(Sample)) == {"loud", "bare", "width"}
