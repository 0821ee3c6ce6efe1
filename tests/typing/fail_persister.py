"""What the type checkers must refuse of persisters. Never run; the marks are those of fail_query.py."""

from __future__ import annotations

from query import MemoryStorage, QueryOptions, create_query_persister

STORAGE = MemoryStorage[str]()

create_query_persister(storage=MemoryStorage[bytes]())  # error: arg-type | reportArgumentType
create_query_persister(storage={})  # error: call-overload | reportArgumentType
create_query_persister(storage=STORAGE, max_age="1 day")  # error: call-overload | reportArgumentType
QueryOptions(query_key=("names",), persister=STORAGE)  # error: call-overload | reportArgumentType
