"""What a reader hands on, and what the bringer of a file says about it.

Comes in: frames, declarations. Goes out: carriers. Must not know: any format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import geopandas as gpd
from pyproj import CRS

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.geo.datum import DATUMS, Datum, SevenParameters
from xingu_geo.places.intake.fields import FieldsSpec
from xingu_geo.places.intake.intake_findings import Note
from xingu_geo.sewers.network.norms import Norms


@dataclass(frozen=True, slots=True)
class Raw:
    """One layer as a reader found it: plain columns, geometry, and the CRS it declares (``None`` if it does not).

    ``mended`` names features (by row) whose rings the reader itself had to close; ``encoding`` is what the text was
    read as and ``sample`` a few of its words, for a person to judge; ``role`` is set by formats that know it.
    ``is_table`` says that no column of a table tells a place.
    """

    name: str
    frame: gpd.GeoDataFrame
    crs: CRS | None
    notes: tuple[Note, ...] = ()
    encoding: str = ""
    sample: tuple[str, ...] = ()
    mended: Mapping[int, str] = field(default_factory=dict)
    role: str | None = None
    licence: str = "unstated"
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who brings the file says about it; ``None`` and ``"auto"`` mean: find out, or ask.

    ``working_crs`` is the place's: what every layer is brought into; ``crs`` is the file's own. ``fields`` and
    ``norms`` are the planner's tables.
    ``columns`` maps a field of the role (or ``x``, ``y``, ``wkt``) to a column of the file and beats every guess.
    ``trusted`` is a layers folder whose roads or parcels are known to lie right, for the test of shifted maps.
    ``accuracy_m``, ``confidence`` and ``licence`` go into the passport.
    """

    working_crs: str
    fields: FieldsSpec
    norms: Norms
    crs: str | None = None
    datum: Datum | None = None
    encoding: str | None = None
    layer: str | None = None
    swap_axes: bool = False
    seven: SevenParameters | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    trusted: str | None = None
    features_max: int | None = None
    accuracy_m: float | None = None
    confidence: Confidence | None = None
    licence: str | None = None

    def accuracy_or(self, near_m: float) -> float:
        """The accuracy [m] its bringer gives, else how near the layer was found to lie."""
        return near_m if self.accuracy_m is None else self.accuracy_m


def options_to_wire(options: Options) -> dict[str, Any]:
    """The options as JSON."""
    tables = {"fields": options.fields.model_dump(mode="json"), "norms": options.norms.model_dump(mode="json")}
    return asdict(options) | tables | {"columns": dict(options.columns)}


def options_from_wire(wire: Mapping[str, Any]) -> Options:
    """The options from JSON."""
    seven = SevenParameters(**wire["seven"]) if wire["seven"] else None
    datum = next((known for known in DATUMS if known == wire["datum"]), None)
    confidence = Confidence(wire["confidence"]) if wire["confidence"] else None
    fields, norms = FieldsSpec.model_validate(wire["fields"]), Norms.model_validate(wire["norms"])
    read = {"fields": fields, "norms": norms, "seven": seven, "datum": datum, "confidence": confidence}
    return Options(**{**wire, **read})
