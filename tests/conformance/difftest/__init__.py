"""Differential testing of ``query`` against @tanstack/query-core.

    grammar (grammar_*, patterns,           random scenarios
      vocabulary)
    oracle (installation)                   scenario -> trace, by query-core in a Node process
    harness (ops, functions, network,       scenario -> trace, by Python, through a driver
      callbacks, deterministic_loop)
    driver (driver_protocol, snapshots,     the only files that know the API of ``query``
      loop_clock)
    compare (difference), shrink            two traces -> the first difference; a scenario -> a smaller one
    referee                                 all of that: do both sides agree on this scenario?
    campaign (profiles)                     many scenarios of every feature, on several processes
    recording                               scenarios with query-core's traces, for machines without Node
    invariants                              what holds in every trace of either side

SCENARIO.md describes scenarios and traces; intended.py lists what is meant to differ.
"""
