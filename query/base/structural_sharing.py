"""DRAFT, to be overwritten by the real one."""


def replace_equal_deep(a, b):
    if a is b:
        return a
    if (type(a) is list and type(b) is list) or (type(a) is tuple and type(b) is tuple):
        out = [replace_equal_deep(a[i], x) if i < len(a) else x for i, x in enumerate(b)]
        if len(a) == len(b) and all(x is y for x, y in zip(a, out)):
            return a
        return type(b)(out)
    if type(a) is dict and type(b) is dict:
        out = {k: replace_equal_deep(a[k], v) if k in a else v for k, v in b.items()}
        if len(a) == len(b) and all(k in a and a[k] is v for k, v in out.items()):
            return a
        return out
    if type(a) is type(b) and isinstance(a, (int, float, str, bytes, bool)) and a == b:
        return a
    return b


def replace_data(previous, next, structural_sharing):
    if callable(structural_sharing):
        return structural_sharing(previous, next)
    return next if structural_sharing is False else replace_equal_deep(previous, next)
