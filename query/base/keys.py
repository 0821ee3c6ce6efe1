"""DRAFT, to be overwritten by the real one."""

import json

from .errors import QueryKeyError
from .types import UNSET


def normalize_key(key):
    if hasattr(key, "parts"):
        return key.parts
    if not isinstance(key, (list, tuple)):
        raise QueryKeyError(f"{key!r} is no key")
    return tuple(_f(k) for k in key)


def _f(x):
    if isinstance(x, (list, tuple)):
        return tuple(map(_f, x))
    if isinstance(x, dict):
        return {k: _f(v) for k, v in x.items() if v is not UNSET}
    return x


def hash_key(key):
    return json.dumps(normalize_key(key), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def partial_match_key(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return all(k in a and partial_match_key(a[k], v) for k, v in b.items())
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(b) <= len(a) and all(map(partial_match_key, a, b))
    return type(a) is type(b) and a == b


def register_key_type(*a): ...
