"""Differential testing of ``query`` against @tanstack/query-core.

    grammar (patterns)                      random scenarios
    oracle                                  scenario -> trace, by query-core in a Node process
    harness (ops, functions, network,
      callbacks, deterministic_loop)        scenario -> trace, by Python, through a driver
    driver (snapshots)                      the only files that know the API of ``query``
    compare, shrink                         two traces -> the first difference, in the smallest scenario
    invariants                              what holds in every trace of either side

SCENARIO.md describes scenarios and traces; intended.py lists what is meant to differ.
"""
