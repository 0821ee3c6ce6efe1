"""Uploads: for checkers a class of their own, at run time what every writing method is."""

from query.api import ApiUpload, EndpointTable, FlatApiUpload
from query.api.endpoint_mutations import AnyApiMutation

api = EndpointTable({"/avatar/$slug/": {"PUT": "object"}})


def test_a_call_with_a_file_is_built_by_request():
    """With the path, and without a JSON body."""
    request = api["/avatar/$slug/"].put.request(path={"slug": "a"}, files={"image": b"PNG"})
    assert (request.method, request.url, request.files, request.data) == (
        "PUT",
        "/avatar/a/",
        {"image": b"PNG"},
        None,
    )


def test_both_classes_do_what_writing_methods_do():
    """So that a table by hand may name them."""
    assert issubclass(ApiUpload, AnyApiMutation)
    assert FlatApiUpload("/avatar/", "POST").request(content=b"PNG").content == b"PNG"
