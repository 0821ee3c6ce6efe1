"""A recorded module on disk: read, joined with what was recorded now, written, and not overwritten if it was edited."""

from __future__ import annotations

import ast
import hashlib
import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from .python_source import FILES, Written, escaped, used_names

HEADER = "# Recorded by pytest --mockapi-record. Secrets are masked."
NOTE = "# An edited file is left alone, unless --mockapi-update is given."
CHECKSUM = "# checksum: "
DOCSTRING = '"""What a real service answered: functions that register it as mocks."""'

_TEST = re.compile(r"^What .*? answered in (.*)\.$", re.DOTALL)
_FILE = re.compile(rf"\b{FILES} / ([\"'])(.+?)\1")
_IMPORTS = {
    "Path": ("pathlib", True),
    "ANY": ("unittest.mock", True),
    "httpx": ("httpx", False),
    "Answer": ("mockapi", False),
    "MockApiClient": ("mockapi", False),
    "match_content": ("mockapi", False),
    "match_data": ("mockapi", False),
    "match_query": ("mockapi", False),
}
_SILENT = (tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


class Part(msgspec.Struct, kw_only=True):
    """One statement of the module, with the comments above it.

    Attributes:
        source: Its text.
        name: The name of a function; empty for anything else.
        test: The test whose function it is, as its docstring has it; empty if it is none of ours.
    """

    source: str
    name: str = ""
    test: str = ""


class RecordedModule:
    """The functions of one file.

    Args:
        path: The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        self.exists = bool(text.strip())
        self.is_ours = text.startswith(HEADER)
        self.is_edited = False
        self._parts: list[Part] = []
        self._extra_imports: list[str] = []
        if self.is_ours:
            claimed = re.search(rf"^{re.escape(CHECKSUM)}(\w+)$", text, re.MULTILINE)
            self.is_edited = claimed is None or claimed[1] != checksum(text, self._files_of(text))
            self._read(text)

    @property
    def files_folder(self) -> Path:
        """Where large and binary bodies lie."""
        return self.path.with_name(f"{self.path.stem}_files")

    def put(self, function: Written) -> str:
        """Take in what a test recorded, in the place of what it recorded before.

        Args:
            function: The function.

        Returns:
            Its name here: another one if a function of another test has its name.
        """
        test = escaped(function.test)
        old = [part for part in self._parts if part.test == test]
        stale = {name for part in old for name in _file_names(part.source)} - set(function.files)
        self._parts = [part for part in self._parts if part.test != test]
        source, name, files = function.source, function.name, function.files
        taken = {part.name for part in self._parts}
        number = 1
        while name in taken:
            number += 1
            name = f"{function.name}_{number}"
        if name != function.name:
            source = source.replace(f"def {function.name}(", f"def {name}(", 1)
            for file in files:
                source = source.replace(f'"{file}"', f'"{name}/{file.partition("/")[2]}"')
            files = {f"{name}/{file.partition('/')[2]}": data for file, data in files.items()}
            stale -= set(files)
        self._parts.append(Part(source=source.rstrip() + "\n", name=name, test=test))
        for file in stale - {file for part in self._parts for file in _file_names(part.source)}:
            (self.files_folder / file).unlink(missing_ok=True)
        for file, data in files.items():
            (self.files_folder / file).parent.mkdir(parents=True, exist_ok=True)
            (self.files_folder / file).write_bytes(data)
        return name

    def write(self) -> None:
        """Write the file, whole or not at all."""
        body = self._body()
        text = f"{HEADER}\n{NOTE}\n{CHECKSUM}{checksum(body, self._files_of(body))}\n{body}"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(f"{self.path.name}.part")
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(self.path)
        self.exists = self.is_ours = True
        self.is_edited = False

    def _body(self) -> str:
        functions = sorted((part for part in self._parts if part.test), key=lambda part: part.name)
        others = [part.source for part in self._parts if not part.test]
        sources = [part.source for part in functions]
        used = used_names("\n".join([*others, *sources])) | {"MockApiClient"}
        blocks = [f"{DOCSTRING}\n\n{imports(used | ({'Path'} if FILES in used else set()), self._extra_imports)}"]
        if FILES in used:
            blocks[0] += f'\n{FILES} = Path(__file__).with_name("{self.files_folder.name}")\n'
        return "\n\n".join([*blocks, *others, *sources])

    def _read(self, text: str) -> None:
        """Take the file apart. One that is no Python any more counts as edited, and has nothing to keep."""
        try:
            tree = ast.parse(text)
        except SyntaxError:
            self.is_edited = True
            return
        lines = text.splitlines(keepends=True)
        end = 0
        for node in tree.body:
            source = "".join(lines[end : node.end_lineno]).strip("\n") + "\n"
            end = node.end_lineno or end
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._extra_imports += [line for line in _import_lines(node) if line not in _own_imports()]
            elif isinstance(node, ast.FunctionDef):
                found = _TEST.match(ast.get_docstring(node, clean=False) or "")
                test = "" if found is None else found[1].replace("\\", "\\\\")
                self._parts.append(Part(source=source, name=node.name, test=test))
            elif not _is_ours(node):
                self._parts.append(Part(source=source))

    def _files_of(self, text: str) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for name in _file_names(text):
            path = self.files_folder / name
            found[name] = path.read_bytes() if path.is_file() else b""
        return found


def checksum(text: str, files: Mapping[str, bytes]) -> str:
    """What tells an edited module from one as it was written. Layout does not count: a formatter is no editor.

    Args:
        text: The module, with or without its header.
        files: The bodies beside it.
    """
    digest = hashlib.sha256()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if (
                token.type in _SILENT
                or token.string in (",", "(", ")")
                or token.string.startswith((HEADER, NOTE, CHECKSUM))
            ):
                continue
            # the parts of one text may be joined
            said = str(ast.literal_eval(token.string)) if token.type == tokenize.STRING else f"\0{token.string}\0"
            digest.update(said.encode("utf-8", "surrogatepass"))
    except (tokenize.TokenError, SyntaxError, ValueError):
        digest.update(text.encode("utf-8", "surrogatepass"))
    for name in sorted(files):
        digest.update(f"\0{name}\0".encode() + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()[:32]


def imports(names: Iterable[str], extra: Iterable[str] = ()) -> str:
    """The imports of a module, in the order of isort.

    Args:
        names: What it uses.
        extra: Lines that were there and are none of ours.
    """
    blocks: list[list[str]] = [[], []]
    by_room: dict[tuple[str, bool], list[str]] = {}
    for name in names:
        if name in _IMPORTS:
            by_room.setdefault(_IMPORTS[name], []).append(name)
    for (room, is_standard), found in sorted(by_room.items()):
        # constants, then classes, then functions
        found.sort(key=lambda name: (not name.isupper(), name[0].islower(), name))
        line = f"import {room}" if found == [room] else f"from {room} import {', '.join(found)}"
        blocks[0 if is_standard else 1].append(line)
    blocks[1] += list(extra)
    return "".join("\n".join(block) + "\n\n" for block in blocks if block).removesuffix("\n")


def _own_imports() -> set[str]:
    return {imports([name]).strip() for name in _IMPORTS}


def _import_lines(node: ast.Import | ast.ImportFrom) -> list[str]:
    """An import, name by name, so that each can be told to be one of ours or not."""
    if isinstance(node, ast.Import):
        return [ast.unparse(ast.Import(names=[name])) for name in node.names]
    return [ast.unparse(ast.ImportFrom(module=node.module, names=[name], level=node.level)) for name in node.names]


def _is_ours(node: ast.stmt) -> bool:
    """Whether a statement is one that every recorded module has: its docstring, or the folder of its files."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == [FILES]


def _file_names(source: str) -> set[str]:
    return {found[1] for found in _FILE.findall(source)}


def is_recording(path: Path) -> bool:
    """Whether a file is a recorded module.

    Args:
        path: The file.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return file.readline().rstrip("\n") == HEADER
    except (OSError, UnicodeDecodeError):
        return False


def module_path(test: str, folder: Path, root: Path) -> Path:
    """Where the mocks of a test go: its own path below the folder, without "test".

    Args:
        test: The node id.
        folder: The folder of the recordings.
        root: The folder to which node ids are relative.
    """
    path = root / test.partition("::")[0]
    for base in (folder.parent, root):
        if path.is_relative_to(base):
            path = path.relative_to(base)
            break
    else:
        path = Path(path.name)
    stem = re.sub(r"^tests?_|_tests?$", "", path.stem)
    stem = re.sub(r"\W+", "_", stem).strip("_") or "tests"
    if not stem.isidentifier() or stem.startswith("test"):
        stem = f"case_{stem}"
    return folder / path.parent / f"{stem}.py"
