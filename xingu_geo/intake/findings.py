"""What the doctor writes down: notes, repairs, and the raw layers a reader found.

Comes in: codes and facts. Goes out: carriers that turn into JSON and sentences. Must not know: any format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import geopandas as gpd
from pyproj import CRS

from xingu_geo.base.say import Lang, say
from xingu_geo.catalogue.passport import Confidence
from xingu_geo.geo.datum import Datum, SevenParameters


@dataclass(frozen=True, slots=True)
class Note:
    """Something found and worth saying; its sentence is ``note.<code>`` of the text files."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, lang: Lang) -> str:
        """The note in the reader's language."""
        return say(f"note.{self.code}", lang, **self.facts)

    def plain(self, lang: Lang) -> dict[str, object]:
        """Code, facts and sentence, for JSON."""
        return {"code": self.code, **{k: plain(v) for k, v in self.facts.items()}, "sentence": self.sentence(lang)}


@dataclass(frozen=True, slots=True)
class Repair:
    """The receipt for one mended feature: what was wrong, its area before and after [m²].

    ``area_before_m2`` is what the outline encloses read by the even–odd rule, so a figure of eight is not 0.
    """

    layer: str
    feature: str
    code: str
    area_before_m2: float
    area_after_m2: float

    def sentence(self, lang: Lang) -> str:
        """The receipt in the reader's language."""
        facts = asdict(self) | {"before": f"{self.area_before_m2:,.1f}", "after": f"{self.area_after_m2:,.1f}"}
        return say(f"repair.{self.code}", lang, **facts)

    def plain(self, lang: Lang) -> dict[str, object]:
        """Every field and the sentence, for JSON."""
        return asdict(self) | {"sentence": self.sentence(lang)}


@dataclass(frozen=True, slots=True)
class Raw:
    """One layer as a reader found it: plain columns, geometry, and the CRS it declares (``None`` if it does not).

    ``mended`` names features (by row) whose rings the reader itself had to close; ``encoding`` is what the text was
    read as and ``sample`` a few of its words, for a person to judge; ``role`` is set by formats that know it.
    """

    name: str
    frame: gpd.GeoDataFrame
    crs: CRS | None
    notes: tuple[Note, ...] = ()
    encoding: str = ""
    sample: tuple[str, ...] = ()
    mended: Mapping[int, str] = field(default_factory=dict)
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who brings the file says about it; ``None`` and ``"auto"`` mean: find out, or ask.

    ``columns`` maps a field of the role (or ``x``, ``y``, ``wkt``) to a column of the file and beats every guess.
    ``trusted`` is a layers folder whose roads or parcels are known to lie right, for the test of shifted maps.
    ``accuracy_m`` and ``confidence`` go into the passport.
    """

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


def plain(value: object) -> object:
    """``value`` as JSON can hold it."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return str(value)
