"""Companion tables: found by reading the file, which must lie where the generated module can import it."""

import pytest

from query.api.generate.companion import Companion, module_name, read_companion
from query.api.generate.errors import GenerateError

MANUAL = 'Manual = TypedDict("Manual", {"/health/": FlatEndpoint[NoQuery, str], "/x/$id/": Endpoint[A, B, C]})\n'


@pytest.fixture
def package(tmp_path):
    """A package with a companion in it."""
    (tmp_path / "__init__.py").touch()
    (tmp_path / "manual.py").write_text(f"raise SystemExit\nAge = TypedDict('Age', {{'years': int}})\n{MANUAL}")
    return tmp_path


def test_the_table_is_found_without_running_the_file(package):
    """Among other TypedDicts."""
    assert read_companion(package / "manual.py", package) == Companion(
        module=".manual", name="Manual", urls=("/health/", "/x/$id/")
    )


def test_typing_may_be_spelled_out(package):
    """As typing.TypedDict."""
    (package / "manual.py").write_text(MANUAL.replace("TypedDict(", "typing.TypedDict("))
    assert read_companion(package / "manual.py", package).name == "Manual"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", r"it has none\. Write it as Manual = TypedDict"),
        (MANUAL + MANUAL.replace("Manual", "Second"), "it has Manual, Second"),
        ("x = ", "is no Python"),
    ],
)
def test_a_file_without_one_table_is_refused(package, text, said):
    """With what there is."""
    (package / "manual.py").write_text(text)
    with pytest.raises(GenerateError, match=said):
        read_companion(package / "manual.py", package)


def test_a_file_elsewhere_is_refused(package):
    """The generated module could not import it."""
    with pytest.raises(GenerateError, match="beside the generated module"):
        read_companion(package / "manual.py", package / "other")
    with pytest.raises(GenerateError, match="cannot be read: No such file"):
        read_companion(package / "none.py", package)


def test_a_module_outside_a_package_is_imported_by_its_name(tmp_path):
    """As scripts of one folder import one another."""
    assert module_name("manual", tmp_path) == "manual"
    (tmp_path / "__init__.py").touch()
    assert module_name("manual", tmp_path) == ".manual"
