"""The house stands: floors, sizes, docstrings, doors. Every check says how much it saw."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "xingu_geo"
HOUSE = tomllib.loads((PACKAGE / "house.toml").read_text(encoding="utf-8"))
WINGS = list(HOUSE["wings"])
MODULES = sorted(PACKAGE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

FOLIUM_MODULES = {PACKAGE / "doors" / "ui" / "kit" / "webmap.py"}
ENGINE = ("sewers", "siting", "study.portfolio")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _dotted(path: Path) -> str:
    """``ground.base.say`` of a module; ``""`` of what stands at the door of the house."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _heights(rooms: list[list[str]], name: str) -> int:
    return next(level for level, side_by_side in enumerate(rooms) if name in side_by_side)


def _place(dotted: str) -> tuple[tuple[int, int, int], tuple[str, ...]]:
    """How high a module stands (wing, room, room of the app), and the room it stands in."""
    parts = dotted.split(".")
    wing, room = parts[0], parts[1] if len(parts) > 1 else ""
    if not room:
        return (WINGS.index(wing), -1, 0), (wing,)
    high = _heights(HOUSE["wings"][wing], room)
    if (wing, room) == ("doors", "ui") and len(parts) > 2:
        return (WINGS.index(wing), high, _heights(HOUSE["ui"]["rooms"], parts[2])), (wing, room, parts[2])
    return (WINGS.index(wing), high, 0), (wing, room)


def _rooms() -> list[Path]:
    """Every folder that is a room: those of the wings, those of the app in place of the app itself."""
    rooms = [room for wing in WINGS for room in sorted((PACKAGE / wing).iterdir()) if (room / "__init__.py").is_file()]
    app = PACKAGE / "doors" / "ui"
    return [
        *(room for room in rooms if room != app),
        *(room for room in app.iterdir() if (room / "__init__.py").is_file()),
    ]


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


def test_the_wings_tell_the_product() -> None:
    assert WINGS == ["ground", "sewers", "places", "siting", "study", "doors"]
    assert sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()) == sorted(WINGS)


def test_every_room_is_in_the_plan_and_no_room_of_the_plan_is_missing() -> None:
    planned = {(wing, room) for wing, rooms in HOUSE["wings"].items() for level in rooms for room in level}
    planned |= {("ui", room) for level in HOUSE["ui"]["rooms"] for room in level}
    found = {(room.parent.name, room.name) for room in _rooms()} | {("doors", "ui")}
    assert found == planned


def test_imports_point_down_and_rooms_side_by_side_do_not_meet() -> None:
    seen = 0
    wrong = []
    for path, tree in TREES.items():
        dotted = _dotted(path)
        if "." not in dotted:
            continue
        height, room = _place(dotted)
        for name in _imports(tree):
            target = name.removeprefix("xingu_geo.")
            if target == name or target.split(".")[0] not in WINGS:
                continue
            seen += 1
            other_height, other_room = _place(target)
            if other_room != room and other_height >= height:
                wrong.append(f"{_name(path)} imports {name}")
    assert seen > 500
    assert not wrong


def test_no_module_is_reached_again_from_itself() -> None:
    edges = {
        _dotted(path): {
            target
            for name in _imports(tree)
            if (target := name.removeprefix("xingu_geo.")) != name
            and (PACKAGE / f"{target.replace('.', '/')}.py").is_file()
        }
        for path, tree in TREES.items()
    }
    while leaves := [name for name, targets in edges.items() if not targets & set(edges)]:
        for leaf in leaves:
            del edges[leaf]
    assert not edges


def test_no_room_is_crowded_and_no_name_stands_twice() -> None:
    rooms = _rooms()
    assert len(rooms) > 20
    assert not [room.name for room in rooms if len([f for f in room.rglob("*.py") if f.stem != "__init__"]) > 30]
    stems = [path.stem for path in MODULES if path.stem not in ("__init__", "__main__", *HOUSE["formats"]["names"])]
    assert len(stems) > 200
    assert not sorted({stem for stem in stems if stems.count(stem) > 1})


def test_doors_ask_the_study_for_every_verdict() -> None:
    """A door may name a carrier or a constant of an engine room, never call a function of it."""
    seen = 0
    wrong = []
    for path, tree in TREES.items():
        if not _dotted(path).startswith("doors."):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").removeprefix("xingu_geo.").startswith(ENGINE):
                seen += 1
                wrong += [f"{_name(path)} calls {one.name}" for one in node.names if not one.name[0].isupper()]
    assert seen > 20
    assert not wrong


def test_no_relative_imports() -> None:
    wrong = [_name(path) for path, tree in TREES.items() if any(name.startswith(".") for name in _imports(tree))]
    assert len(TREES) > 30
    assert not wrong


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("streamlit", lambda path: _dotted(path).startswith("doors.ui")),
        ("folium", lambda path: path in FOLIUM_MODULES),
    ],
)
def test_a_drawing_library_stays_behind_its_door(library: str, allowed: object) -> None:
    users = [path for path, tree in TREES.items() if any(name.split(".")[0] == library for name in _imports(tree))]
    assert users
    assert not [_name(path) for path in users if not allowed(path)]  # type: ignore[operator]


OPENING = {
    "open", "read_text", "read_bytes", "read_csv", "read_excel", "read_file", "read_parquet", "read_info",
    "read_dataframe", "read_toml", "read_spec", "digest_file", "ZipFile", "connect", "create_engine",
    "load_workbook", "scandir",
}  # fmt: skip


def test_only_those_who_may_open_a_file_do() -> None:
    may = HOUSE["files"]["may"]
    opened = {
        _dotted(path)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in OPENING
    }
    assert len(opened) > 40
    assert not sorted(name for name in opened if not name.startswith(tuple(may)))
    assert not [one for one in may if not any(name.startswith(one) for name in opened)]


def test_the_planners_tables_are_read_in_one_module_and_only_the_doors_know_where_they_lie() -> None:
    tables = PACKAGE / "places" / "place" / "tables.py"
    readers = {
        alias.name
        for node in ast.walk(TREES[tables])
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xingu_geo.")
        for alias in node.names
        if alias.name.startswith("read_") and alias.name != "read_spec"
    }
    assert {"read_criteria", "read_rules", "read_project_types", "read_fields"} <= readers
    called = {
        (_dotted(path), getattr(node.func, "attr", getattr(node.func, "id", "")))
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    assert {name for name, call in called if call in readers} == {"places.place.tables"}
    asking = {name for name, call in called if call == "data_dir"}
    assert asking
    assert all(name.startswith(("doors.", "study.run.", "places.place.")) for name in asking), sorted(asking)


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
        limit = 60 if path.stem.endswith("_page") else 400
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
