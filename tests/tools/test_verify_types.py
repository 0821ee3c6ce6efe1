"""tools/verify_types.py: how much of the public types is known."""

import pytest


@pytest.fixture(scope="module")
def verify_types(load_program):
    """The program."""
    return load_program("tools/verify_types.py")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('class A:\n    """A."""\n    def __init__(self) -> None:\n        self.x: int = 1\n', []),
        (
            "class A:\n    def __init__(self) -> None:\n        self.x = len('a')\n",
            ["sample.A: No docstring", "sample.A.x: Type is missing"],
        ),
        ("def f(x):\n    return x\n", ["sample.f: No docstring", "sample.f: Return type", "sample.f: Type annotation"]),
    ],
)
def test_a_public_symbol_without_a_known_type_is_named(verify_types, tmp_path, source, said):
    """What checkers would each read in their own way is a line."""
    package = tmp_path / "sample"
    package.mkdir()
    (package / "py.typed").touch()
    (package / "__init__.py").write_text(source)
    lines = verify_types.faults(verify_types.ask(package, tmp_path / "work"))
    assert len(lines) == len(said)
    assert all(any(line.startswith(start) for line in lines) for start in said), lines


def test_a_package_without_symbols_is_a_fault(verify_types, tmp_path):
    """A check that looked at nothing must not pass."""
    package = tmp_path / "sample"
    package.mkdir()
    (package / "__init__.py").touch()
    assert verify_types.faults(verify_types.ask(package, tmp_path / "work")) == ["sample: nothing was found"]
