"""A passport written and read again is the same passport, whatever its words."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.specs import Label
from xingu_geo.ground.catalogue.passport import Column, Passport, passport_text, read_passport
from xingu_geo.ground.catalogue.sources import read_sources, source_key, sources_text

ROOT = Path(__file__).parents[3]
WORDS = st.text(min_size=1, max_size=20).filter(lambda text: text.strip())
LABELS = st.builds(Label, zh=WORDS, en=WORDS)
IDS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
DAYS = st.dates(min_value=dt.date(1900, 1, 1))
COLUMNS = st.builds(Column, name=WORDS, meaning=LABELS, unit=WORDS, required=st.booleans())
PASSPORTS = st.builds(
    Passport,
    id=IDS,
    role=IDS,
    title=LABELS,
    about=LABELS,
    path=st.just("a/b.gpkg"),
    geometry=st.sampled_from(["polygon", "line", "point", "any", "table", "raster"]),
    crs=st.sampled_from(["EPSG:4549", "EPSG:4326", "none"]),
    id_field=st.text(max_size=8),
    fields=st.lists(COLUMNS, max_size=4).map(tuple),
    features=st.integers(0, 10**9),
    topology=st.lists(st.sampled_from(["no_overlaps", "no_holes", "may_be_unplaced"]), max_size=3).map(tuple),
    licence=WORDS,
    sources=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
    valid_on=DAYS,
    accessed_on=DAYS,
    confidence=st.sampled_from(Confidence),
    positional_accuracy_m=st.floats(0, 1e300),
    lineage=LABELS,
    version=st.just("1.20.300"),
)


@given(PASSPORTS)
def test_a_passport_written_and_read_again_is_equal(passport: Passport) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "layer.toml"
        file.write_text(passport_text(passport), encoding="utf-8", newline="\n")
        assert read_passport(file) == passport


def test_every_shipped_passport_survives_too(tmp_path: Path) -> None:
    files = [file for file in (ROOT / "layers").rglob("*.toml") if "draw" not in file.parts]
    assert len(files) > 15
    for file in files:
        (tmp_path / file.name).write_text(passport_text(read_passport(file)), encoding="utf-8")
        assert read_passport(tmp_path / file.name) == read_passport(file)


@given(WORDS, WORDS)
def test_a_source_is_added_beside_the_others_and_renewed_under_its_key(one: str, other: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, day = Path(name), dt.date(2026, 1, 2)
        for source, digest in ((one, "a"), (other, "b"), (one, "c")):
            text = sources_text(folder, source=source, digest=digest, today=day)
            (folder / "sources.toml").write_text(text, encoding="utf-8", newline="\n")
        found = read_sources([folder])
        assert set(found) == {source_key(one), source_key(other)}
        assert found[source_key(one)].address == "sha256:c"
        assert found[source_key(one)].accessed_on == day
