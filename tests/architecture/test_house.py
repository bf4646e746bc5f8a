"""The house stands: floors, sizes, docstrings, doors. Every check says how much it saw."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "xingu_geo"
FLOORS = tomllib.loads((PACKAGE / "floors.toml").read_text(encoding="utf-8"))["floors"]
FLOOR_OF = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

FOLIUM_MODULES = {PACKAGE / "outputs" / "webmap.py"}


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _room(path: Path) -> str | None:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else None


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def _public(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions and methods others may call; a function inside a function is its own affair."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
    for node in (*tree.body, *(member for one in classes for member in one.body)):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def _lines(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1  # type: ignore[attr-defined]


def test_every_room_has_a_floor() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert len(rooms) >= 10
    assert rooms <= set(FLOOR_OF)


def test_imports_point_down_and_rooms_on_one_floor_do_not_meet() -> None:
    seen = 0
    wrong = []
    for path, tree in TREES.items():
        room = _room(path)
        for name in _imports(tree):
            if room is None or not name.startswith("xingu_geo."):
                continue
            target = name.split(".")[1]
            if target not in FLOOR_OF:
                continue
            seen += 1
            if target != room and FLOOR_OF[target] >= FLOOR_OF[room]:
                wrong.append(f"{_name(path)} imports {name}")
    assert seen > 50
    assert not wrong


def test_no_relative_imports() -> None:
    wrong = [_name(path) for path, tree in TREES.items() if any(name.startswith(".") for name in _imports(tree))]
    assert len(TREES) > 30
    assert not wrong


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("streamlit", lambda path: _room(path) == "ui"),
        ("folium", lambda path: _room(path) == "ui" or path in FOLIUM_MODULES),
    ],
)
def test_a_drawing_library_stays_behind_its_door(library: str, allowed: object) -> None:
    users = [path for path, tree in TREES.items() if any(name.split(".")[0] == library for name in _imports(tree))]
    assert users
    assert not [_name(path) for path in users if not allowed(path)]  # type: ignore[operator]


def test_every_module_says_what_comes_in_what_goes_out_and_what_it_must_not_know() -> None:
    wrong = []
    for path, tree in TREES.items():
        text = " ".join((ast.get_docstring(tree) or "").split())
        if not all(phrase in text for phrase in ("Comes in:", "Goes out:", "Must not know:")):
            wrong.append(_name(path))
    assert len(TREES) > 30
    assert not wrong


def test_modules_functions_and_pages_stay_small() -> None:
    wrong = []
    functions = 0
    for path, tree in TREES.items():
        length = len(path.read_text(encoding="utf-8").splitlines())
        limit = 60 if path.parent == PACKAGE / "ui" / "pages" else 400
        if length > limit:
            wrong.append(f"{_name(path)}: {length} lines, at most {limit}")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                functions += 1
                if _lines(node) > 60:
                    wrong.append(f"{_name(path)}:{node.name}: {_lines(node)} lines, at most 60")
    assert functions > 100
    assert len((ROOT / "app.py").read_text(encoding="utf-8").splitlines()) <= 40
    assert not wrong


def test_every_public_function_is_documented_and_typed() -> None:
    wrong = []
    seen = 0
    for path, tree in TREES.items():
        for node in _public(tree):
            seen += 1
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            typed = node.returns is not None and all(
                argument.annotation or argument.arg in ("self", "cls") for argument in arguments
            )
            if not typed or not ast.get_docstring(node):
                wrong.append(f"{_name(path)}:{node.name}")
    assert seen > 100
    assert not wrong
