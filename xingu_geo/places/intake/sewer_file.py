"""A SWMM file as the whole set of sewer layers: nodes, links and flows, read by the sewers' own reader.

Comes in: an ``.inp``. Goes out: layer files, what was found. Must not know: hydraulics; where the layers go.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS
from xingu_geo.places.intake.encoding import sample_of
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.places.intake.layer_files import kept_layer
from xingu_geo.places.intake.layer_found import FileFound, Reading
from xingu_geo.places.intake.map_shift import Grounded, grounded
from xingu_geo.places.intake.raw import Options, Raw
from xingu_geo.places.intake.readers.geojson import decoded_text
from xingu_geo.places.intake.vectors import require_few
from xingu_geo.sewers.swmm.from_inp import own_crs
from xingu_geo.sewers.swmm.import_findings import Finding
from xingu_geo.sewers.swmm.import_inp import ImportOptions, read_inp
from xingu_geo.sewers.swmm.inp_rows import inp_of


@dataclass(slots=True)
class _Gate:
    """Places nodes, then links; what the nodes told of CRS and datum holds for the links."""

    name: str
    options: Options
    told: list[Grounded] = field(default_factory=list)

    def __call__(self, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        options = replace(self.options, datum=self.told[0].datum) if self.told else self.options
        self.told.append(grounded(Raw(self.name, frame, None), "sewer_links", options))
        return self.told[-1].frame


def sewers_found(file: Path, options: Options, *, workshop: Path) -> FileFound:
    """The layers of the SWMM file ``file``, written to ``workshop``, with everything its reader says.

    A file without any dry-weather flow gives no loads: unknown is not zero.

    Raises
    ------
    XinguError
        What ``inp_of``, ``read_inp`` and the CRS gate refuse; ``swmm_no_map``, ``too_many_features``.
    """
    text, codec, notes = decoded_text(file.read_bytes(), encoding=options.encoding, name=file.name)
    inp = inp_of(text.encode(), name=file.name)
    gate = _Gate(file.stem, replace(options, crs=options.crs or own_crs(inp)))
    imported, _ = read_inp(inp, options=ImportOptions(crs=gate), norms=options.norms)
    network = imported.network
    if not gate.told:
        raise XinguError("swmm_no_map", file=file.name)
    require_few(len(network.nodes) + len(network.links), options, name=file.name)
    ground, sample = gate.told[0], sample_of(list(network.nodes.index))
    read = Reading(
        name=file.stem,
        format="swmm",
        accuracy_m=options.accuracy_or(ground.near_m),
        confidence=options.confidence or Confidence.INFERRED,
        licence=options.licence or "unstated",
        crs=ground.crs,
        datum=ground.datum,
        encoding=codec,
        sample=sample,
    )
    notes += [*ground.notes, *(_note(finding) for finding in imported.findings)]
    if imported.needs_calibration:
        notes.append(Note("calibration_needed", {"name": file.name}))
    found = FileFound((), tuple(notes))
    links = gpd.GeoDataFrame(network.links).set_crs(network.crs)  # they have none where none is drawn
    frames = (network.nodes.drop(columns=["x_m", "y_m"]), links, network.loads)
    for role, frame in zip(ROLE_SETS[SEWERS].required, frames, strict=True):
        if len(frame):
            found += kept_layer(_told(frame), role, read, spec=options.fields, workshop=workshop)
    return found


def _note(finding: Finding) -> Note:
    """What the sewers' reader says, with its own sentence."""
    return Note(finding.code, finding.facts, key=f"inp.{finding.code}", is_calm=finding.severity == "note")


def _told(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without columns of which the file says nothing."""
    told = [name for name in frame if name == "geometry" or (frame[name].notna() & (frame[name] != "")).any()]
    return frame[told]
