"""What the worker found comes over the wire as it was, and nothing that is no finding gets through."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import Bilingual
from xingu_geo.ground.base.specs import Label
from xingu_geo.ground.catalogue.passport import Column
from xingu_geo.places.intake.intake_findings import Note, Repair, Suggestion, refusal_from_wire, refusal_to_wire
from xingu_geo.places.intake.layer_found import FileFound, LayerFound, Reading, found_from_wire, found_to_wire

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=12)
LABELS = st.builds(Label, zh=WORDS, en=WORDS)
FACTS = st.dictionaries(WORDS, st.one_of(WORDS, st.integers(), st.booleans(), st.builds(Bilingual, WORDS, WORDS)))
SUGGESTIONS = st.builds(Suggestion, st.sampled_from(["crs", "datum", "swap_axes"]), WORDS)
LAYERS = st.builds(
    LayerFound,
    role=st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True),
    title=LABELS,
    geometry=st.sampled_from(["polygon", "line", "point", "any", "table", "raster"]),
    topology=st.just(("may_be_unplaced",)),
    file=st.just(Path("layer-parcels.gpkg")),
    features=st.integers(0, 10**6),
    columns=st.lists(st.builds(Column, name=WORDS, meaning=LABELS, unit=WORDS, required=st.booleans()), max_size=3).map(
        tuple
    ),
    read=st.builds(
        Reading,
        name=WORDS,
        format=WORDS,
        accuracy_m=st.floats(0, 1e6),
        confidence=st.sampled_from(Confidence),
        licence=WORDS,
        datum=st.sampled_from(["wgs84", "gcj02", "bd09"]),
        sample=st.lists(WORDS, max_size=3).map(tuple),
        mapping=st.dictionaries(WORDS, WORDS, max_size=3),
    ),
    unplaced=st.integers(0, 9),
    area_m2=st.floats(0, 1e9),
)
FOUND = st.builds(
    FileFound,
    st.lists(LAYERS, max_size=2).map(tuple),
    st.lists(st.builds(Note, WORDS, FACTS, WORDS, st.booleans()), max_size=3).map(tuple),
    st.lists(st.builds(Repair, WORDS, WORDS, WORDS, st.floats(0, 1e9), st.floats(0, 1e9)), max_size=2).map(tuple),
)


@given(FOUND)
def test_what_was_found_is_the_same_on_the_other_side_of_the_wall(found: FileFound) -> None:
    assert found_from_wire(json.loads(json.dumps(found_to_wire(found)))) == found


@given(st.lists(SUGGESTIONS, max_size=3), FACTS)
def test_a_refusal_keeps_its_suggestions_as_data(offered: list[Suggestion], facts: dict[str, object]) -> None:
    refusal = XinguError("crs_unknown", **{**facts, "suggestions": offered})
    back = refusal_from_wire(json.loads(json.dumps(refusal_to_wire(refusal))))
    assert (back.code, back.facts) == (refusal.code, refusal.facts)


PLAIN = {
    "role": "metro",
    "title": {"zh": "站", "en": "stop"},
    "geometry": "point",
    "topology": [],
    "file": "a.gpkg",
    "features": 1,
    "columns": [],
    "read": {"name": "a", "format": "csv", "accuracy_m": 1, "confidence": "inferred", "licence": "MIT"},
}


@pytest.mark.parametrize(
    "change", [{"features": "many"}, {"geometry": "solid"}, {"read": {}}, {"role": None}, {"role": "../metro"}]
)
def test_what_is_no_finding_is_refused_at_the_wall(change: dict[str, object]) -> None:
    def wire(layer: dict[str, object]) -> dict[str, object]:
        return {"layers": [layer], "notes": [], "repairs": []}

    assert found_from_wire(wire(PLAIN)).layers[0].role == "metro"
    with pytest.raises(ValueError, match=r"validation error"):
        found_from_wire(wire(PLAIN | change))
