"""Where partners may stand, against a street of four parcels drawn by hand."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from kit.ground import context, lay, parcels
from shapely.geometry import Point, box

from xingu_geo.siting.measuring.of_chain import ChainOptions
from xingu_geo.siting.measuring.whereabouts import Partners, partners_of

# Four parcels of 100 m × 100 m in a row, 900 m apart: A at x 0, B at 1000, C at 2000, D at 3000.
STREET = {name: box(1000 * place, 0, 1000 * place + 100, 100) for place, name in enumerate("ABCD")}
ZONES = pd.DataFrame({"wing": ["west", "west", "east", "east"], "core": ["", "", "", "core"]}, index=list("ABCD"))
OPTIONS = ChainOptions.model_validate({"partners": {"fab": ["materials", "design"]}, "accuracy_max_m": 1000})

# Known: 300 m from A's eastern edge. Vague: in the middle of C, give or take 1,100 m.
ACTORS: dict[str, Point | None] = {
    "fab": Point(50, 150),
    "known": Point(400, 50),
    "lost": None,
    "lost_east": None,
    "lost_elsewhere": None,
    "vague": Point(2050, 50),
}


def seen(folder: Path, **columns: Any) -> Partners:
    """The partners as A and D see them."""
    parcels(folder, STREET)
    lay(
        folder,
        "actors",
        ACTORS,
        stage={name: "fab" if name == "fab" else "design" for name in ACTORS},
        accuracy_m={"fab": 1.0, "known": 3.0, "lost": None, "lost_east": None, "lost_elsewhere": None, "vague": 1100.0},
        **columns,
    )
    return partners_of(context(folder), "actors", OPTIONS, asking=pd.Index(["A", "D"]), zones=ZONES)


def within() -> dict[str, str]:
    return dict.fromkeys(ACTORS, "") | {"lost_east": "east", "lost_elsewhere": "nowhere"}


def test_the_rest_may_stand_anywhere_in_their_zone_or_about_their_vague_position(tmp_path: Path) -> None:
    found = seen(tmp_path, within=within())
    # In the order of the id, without the fab, which is no partner of a fab: known, lost, lost_east, lost_elsewhere
    # (in a zone that the place does not have, which says nothing), vague: C's middle is 0 m from its position, B's and
    # D's 1,000 m, A's 2,000 m, more than the 1,100 m it may be off.
    assert found.unlocated.tolist() == [1, 2, 3, 4]
    assert ["".join("ABCD"[place] for place in chosen) for chosen in found.choices] == ["ABCD", "CD", "ABCD", "BCD"]


def test_without_a_zone_column_the_unplaced_may_be_anywhere(tmp_path: Path) -> None:
    assert [len(chosen) for chosen in seen(tmp_path).choices] == [4, 4, 4, 3]


def test_without_a_doubt_the_distances_are_those_of_the_known_alone(tmp_path: Path) -> None:
    plain = seen(tmp_path).drawn_m(np.random.default_rng(1), position=False, whereabouts=False)
    # known: 300 m from A's edge at x 100, and 2,600 m from D's at x 3000.
    assert plain[:, 0] == pytest.approx([300.0, 2600.0])
    assert np.isinf(plain[:, 1:]).all()


def test_a_known_distance_moves_by_no_more_than_both_accuracies(tmp_path: Path) -> None:
    found, rng = seen(tmp_path), np.random.default_rng(1)
    drawn = np.array([found.drawn_m(rng, position=True, whereabouts=False)[0, 0] for _ in range(2_000)])
    # The parcels lie to 1 m, the actor to 3 m: √(1² + 3²) = 3.162 m either way, evenly, so the mean stays within
    # 4 · 3.162/√(3 · 2000) = 0.16 m.
    assert np.abs(drawn - 300).max() <= math.sqrt(10)
    assert np.abs(drawn - 300).max() > 3.1
    assert drawn.mean() == pytest.approx(300, abs=0.17)


def test_one_draw_stands_a_partner_at_one_place_for_all_sites_and_each_place_as_often(tmp_path: Path) -> None:
    found, rng = seen(tmp_path, within=within()), np.random.default_rng(1)
    drawn = np.round([found.drawn_m(rng, position=False, whereabouts=True)[:, 2] for _ in range(2_000)])
    # lost_east stands in the middle of C (1,950 m from A, 950 from D) or of D (2,950 and 0), with equal chances:
    # 1,000 of 2,000 draws, give or take 4 · √(2000/4) = 89.
    pairs, counts = np.unique(drawn, axis=0, return_counts=True)
    assert pairs.tolist() == [[1950.0, 950.0], [2950.0, 0.0]]
    assert abs(counts[0] - 1_000) <= 90
