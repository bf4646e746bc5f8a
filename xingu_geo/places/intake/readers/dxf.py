"""DXF drawings: closed outlines become polygons, text in its code page; a drawing never knows its CRS.

Comes in: a text DXF. Goes out: one raw layer without CRS. Must not know: what the drawing is for.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyogrio
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.encoding import sample_of
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.readers.geojson import decoded_text
from xingu_geo.places.intake.vectors import frame_of, require_few, tidy_cell

_KEPT = {"Layer": "layer", "Text": "text", "EntityHandle": "handle", "Linetype": "linetype", "BlockName": "block"}

_ESCAPED = re.compile(r"(?:\\U\+[0-9A-Fa-f]{4})+")

_HEADER = "0\nSECTION\n2\nHEADER\n9\n$DWGCODEPAGE\n3\nANSI_65001\n0\nENDSEC\n"


def read_dxf(path: Path, options: Options, *, workshop: Path) -> list[Raw]:
    """The entities of the drawing at ``path``, one feature each, with layer, text and handle.

    Raises
    ------
    XinguError
        ``layer_damaged``, ``layer_empty``, ``too_many_features`` or an encoding refusal.
    """
    text, codec, notes = decoded_text(path.read_bytes(), encoding=options.encoding, name=path.name)
    if re.search(r"^\s*2\s*\r?\nACAD_PROXY|ACDBMPOLYGON", text, re.MULTILINE):
        notes.append(Note("dxf_proxy", {"name": path.name}))
    text = _ESCAPED.sub(_unescaped, text)
    if not re.search(r"^\s*2\s*\r?\nHEADER\s*$", text, re.MULTILINE):
        text = _HEADER + text  # without one GDAL asks for no encoding and takes the text for Latin
    plain = workshop / "drawing.dxf"
    # GDAL turns to the code page the drawing names; the text is already decoded, so it is told UTF-8.
    plain.write_text(re.sub(r"ANSI_\d+", "ANSI_65001", text), encoding="utf-8")
    pyogrio.set_gdal_config_options({"DXF_ENCODING": "UTF-8", "DXF_INLINE_BLOCKS": True})
    try:
        frame = pyogrio.read_dataframe(plain, force_2d=True, on_invalid="fix")
    except Exception as error:
        raise XinguError("layer_damaged", name=path.name, detail=type(error).__name__) from error
    finally:
        pyogrio.set_gdal_config_options({"DXF_ENCODING": None, "DXF_INLINE_BLOCKS": None})
    require_few(len(frame), options, name=path.name)
    columns = {
        title: [tidy_cell(value) if isinstance(value, str) else None for value in frame[column]]
        for column, title in _KEPT.items()
        if column in frame.columns
    }
    shapes = [_closed(shape) for shape in frame.geometry]
    if options.layer is not None:
        kept = [row for row, layer in enumerate(columns.get("layer", [])) if layer == options.layer]
        if not kept:
            known = ", ".join(sorted({str(layer) for layer in columns.get("layer", [])}))[:80]
            raise XinguError("layer_unknown", layer=options.layer, known=known)
        columns = {title: [values[row] for row in kept] for title, values in columns.items()}
        shapes = [shapes[row] for row in kept]
    words = [word for values in columns.values() for word in values]
    return [Raw(path.stem, frame_of(columns, shapes, name=path.name), None, tuple(notes), codec, sample_of(words))]


def _unescaped(run: re.Match[str]) -> str:
    r"""The characters of a run of ``\U+XXXX``; those beyond 16 bits come as two."""
    units = bytes.fromhex(run.group().replace("\\U+", ""))
    return units.decode("utf-16-be", errors="replace")


def _closed(shape: BaseGeometry | None) -> BaseGeometry | None:
    """A closed outline as the polygon it means, anything else as it came."""
    if isinstance(shape, LineString) and shape.is_closed and len(shape.coords) > 3:
        return Polygon(shape.coords)
    if shape is not None and shape.geom_type == "GeometryCollection":
        polygons = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
        return MultiPolygon(polygons) if polygons else shape
    return shape
