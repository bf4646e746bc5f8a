"""SWMM input files: the network's places, as sewer nodes and links in the product's own columns.

Comes in: an ``.inp``. Goes out: two raw layers with their roles. Must not know: hydraulics; loads stay with the sewers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from shapely.geometry import LineString, Point

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.readers.geojson import decoded_text
from xingu_geo.places.intake.vectors import frame_of, require_few

Table = Mapping[str, Sequence[Sequence[str]]]

_FOOT_M: Final = 0.3048
_METRIC: Final = {"CMS", "LPS", "MLD"}
_KINDS: Final = {"JUNCTIONS": "manhole", "OUTFALLS": "outfall", "STORAGE": "manhole", "DIVIDERS": "manhole"}


def read_swmm(path: Path, options: Options) -> list[Raw]:
    """Nodes (role ``sewer_nodes``) and links (role ``sewer_links``) of the SWMM file at ``path``.

    Inverts, depths and diameters come out in metres and millimetres whatever units the file uses. Pumps become
    pressure links without a diameter; weirs and orifices are named in a note and left out.

    Raises
    ------
    XinguError
        ``swmm_broken``, ``swmm_no_map`` (no coordinates), ``too_many_features`` or an encoding refusal.
    """
    text, codec, notes = decoded_text(path.read_bytes(), encoding=options.encoding, name=path.name)
    sections = _sections(text)
    scale = _FOOT_M if _units(sections) not in _METRIC else 1.0
    try:
        places = {row[0]: (float(row[1]), float(row[2])) for row in sections.get("COORDINATES", ())}
        if not places:
            raise XinguError("swmm_no_map", file=path.name)
        nodes, inverts = _nodes(sections, places, scale, path.name)
        links, left_out = _links(sections, places, inverts, scale)
    except (IndexError, ValueError, KeyError) as error:
        raise XinguError("swmm_broken", file=path.name, detail=str(error)[:60]) from error
    require_few(len(nodes) + len(links), options, name=path.name)
    if left_out:
        notes.append(Note("swmm_left_out", {"name": path.name, "sections": ", ".join(left_out)}))
    frames = (
        ("sewer_nodes", [row for row, _ in nodes], [shape for _, shape in nodes]),
        ("sewer_links", [row for row, _ in links], [shape for _, shape in links]),
    )
    raws: list[Raw] = []
    for role, rows, shapes in frames:
        if rows:
            columns = {key: [row[key] for row in rows] for key in rows[0]}
            said = tuple(notes) if role == "sewer_nodes" else ()
            raws.append(Raw(role, frame_of(columns, shapes, name=role), None, said, codec, role=role))
    return raws


def _sections(text: str) -> Table:
    sections: dict[str, list[list[str]]] = {}
    current: list[list[str]] | None = None
    for line in text.splitlines():
        plain = line.split(";", 1)[0].strip()
        if heading := re.fullmatch(r"\[(\w+)\]", plain):
            current = sections.setdefault(heading.group(1).upper(), [])
        elif plain and current is not None:
            current.append(plain.split())
    return sections


def _units(sections: Table) -> str:
    return next((row[1].upper() for row in sections.get("OPTIONS", ()) if row[0].upper() == "FLOW_UNITS"), "CFS")


def _nodes(
    sections: Table, places: Mapping[str, tuple[float, float]], scale: float, name: str
) -> tuple[list[tuple[dict[str, object], Point]], dict[str, float]]:
    nodes: list[tuple[dict[str, object], Point]] = []
    inverts: dict[str, float] = {}
    for section, kind in _KINDS.items():
        for row in sections.get(section, ()):
            if row[0] not in places:
                raise XinguError("swmm_unplaced", file=name, node=row[0])
            invert = float(row[1]) * scale
            depth = float(row[2]) * scale if section in {"JUNCTIONS", "STORAGE"} and len(row) > 2 else math.nan
            inverts[row[0]] = invert
            ground = invert + depth if depth > 0 else None
            columns = {"id": row[0], "kind": kind, "invert_m": round(invert, 6), "ground_m": ground}
            nodes.append((columns, Point(places[row[0]])))
    return nodes, inverts


def _links(
    sections: Table, places: Mapping[str, tuple[float, float]], inverts: Mapping[str, float], scale: float
) -> tuple[list[tuple[dict[str, object], LineString]], list[str]]:
    bends: dict[str, list[tuple[float, float]]] = {}
    for row in sections.get("VERTICES", ()):
        bends.setdefault(row[0], []).append((float(row[1]), float(row[2])))
    shapes = {row[0]: (row[1].upper(), float(row[2])) for row in sections.get("XSECTIONS", ()) if len(row) > 2}
    links: list[tuple[dict[str, object], LineString]] = []
    for row in sections.get("CONDUITS", ()):
        shape, size = shapes[row[0]]
        columns: dict[str, object] = {
            "id": row[0],
            "from_node": row[1],
            "to_node": row[2],
            "kind": "pressure" if shape == "FORCE_MAIN" else "gravity",
            "diameter_mm": round(size * scale * 1000, 3) if shape in {"CIRCULAR", "FORCE_MAIN"} else None,
            "length_m": round(float(row[3]) * scale, 6),
            "roughness_n": float(row[4]),
            "invert_from_m": round(inverts[row[1]] + float(row[5]) * scale, 6),
            "invert_to_m": round(inverts[row[2]] + float(row[6]) * scale, 6),
        }
        links.append((columns, _line(row, places, bends)))
    empty = dict.fromkeys(("diameter_mm", "length_m", "roughness_n", "invert_from_m", "invert_to_m"))
    for row in sections.get("PUMPS", ()):
        columns = {"id": row[0], "from_node": row[1], "to_node": row[2], "kind": "pressure", **empty}
        links.append((columns, _line(row, places, bends)))
    left_out = [section for section in ("WEIRS", "ORIFICES", "OUTLETS") if sections.get(section)]
    return links, left_out


def _line(
    row: Sequence[str], places: Mapping[str, tuple[float, float]], bends: Mapping[str, list[tuple[float, float]]]
) -> LineString:
    return LineString([places[row[1]], *bends.get(row[0], []), places[row[2]]])
