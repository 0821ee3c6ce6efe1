"""What a Python program would use instead of `query`, and the same work with each.

peer        what each of them is asked to do
ours        `query` itself, in three ways
decorated   caches that wrap a coroutine function
keyed       caches with keys as texts, whose entries can be deleted by a pattern
queries     another port of TanStack Query
http        caches of HTTP responses
worker      one process that measures one of them
"""
