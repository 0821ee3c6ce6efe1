"""Strategies for Hypothesis: what servers answer, what networks do, and what programs ask a cache.

Imported only by those who ask for it: pytest loads no Hypothesis on its account.
"""

from ..exploring.schedule import schedules
from .answers import exchanges, latencies, responses, statuses
from .faults import broken_bodies, fault_names, network_faults, non_json_bodies, truncated_bodies
from .keys import different_keys, equal_keys, query_keys
from .options import query_options_sets, retry_policies, stale_times
from .pages import link_headers, pages
from .payloads import json_payloads

__all__ = [
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
]
