"""The shipped project types: all sixteen, their arithmetic redone, their warrants in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from xingu_geo.ground.base.units import M2_PER_MU
from xingu_geo.ground.planning.projects import QUANTITIES, brief_of, read_project_types

TYPES = read_project_types(Path(__file__).parents[3] / "data" / "project_types.toml")


def test_all_sixteen_types_are_there() -> None:
    assert set(TYPES) == {
        "fab12", "fab8", "fab6", "compound", "sic_substrate", "pkg_trad", "pkg_adv", "wafer_si", "epi", "wet_chem",
        "ceramics", "equipment", "ic_design", "test_lab", "auto_elec", "multi_tenant",
    }  # fmt: skip


def test_a_twelve_inch_fab_of_twenty_thousand_wafers_needs_what_its_cases_say() -> None:
    demand = brief_of(TYPES, "fab12", capacity=20_000).demand
    assert demand["land_m2"] == pytest.approx(2 * 43_000)  # 4.3 ha for each 10,000 wafers a month
    # 8 m³ per wafer × 240,000 wafers a year / 365 d = 5,260, given as 5,300
    assert demand["wastewater_m3_d"] == pytest.approx(8 * 240_000 / 365, rel=0.01)


@pytest.mark.parametrize(("case", "per_wafer_m3"), [("low", 5), ("typical", 8), ("high", 20)])
def test_the_fabs_wastewater_scales_with_its_wafers(case: str, per_wafer_m3: float) -> None:
    demand = brief_of(TYPES, "fab12", capacity=60_000, case=case).demand  # type: ignore[arg-type]
    assert demand["wastewater_m3_d"] == pytest.approx(per_wafer_m3 * 720_000 / 365, rel=0.01)
    assert demand["employees"] == pytest.approx(2000)


@pytest.mark.parametrize(
    ("project", "mu"),
    [
        ("fab8", (100, 200, 300)), ("fab6", (None, 70, None)), ("sic_substrate", (43.6, 88.2, 88.2)),
        ("pkg_trad", (None, 102, None)), ("wafer_si", (139, 175, 209)), ("ceramics", (None, 42, None)),
        ("equipment", (15, 40, 100)), ("auto_elec", (30, 80, 200)), ("multi_tenant", (106, 133, 318.4)),
    ],
)  # fmt: skip
def test_land_given_in_mu_was_turned_into_square_metres(project: str, mu: tuple[float | None, ...]) -> None:
    land = TYPES[project].quantities["land_m2"]
    expected = [None if figure is None else pytest.approx(figure * M2_PER_MU, abs=0.5) for figure in mu]
    assert [land.low, land.typical, land.high] == expected


@pytest.mark.parametrize(
    ("project", "capacity", "per_wafer_m3"), [("fab8", 10_000 * 12, (2, 4, 6)), ("fab6", 1_000_000, (0.8, 1.5, 3.2))]
)
def test_wastewater_per_wafer_was_turned_into_cubic_metres_a_day(
    project: str, capacity: float, per_wafer_m3: tuple[float, ...]
) -> None:
    water = TYPES[project].quantities["wastewater_m3_d"]
    expected = [pytest.approx(figure * capacity / 365, rel=1e-3) for figure in per_wafer_m3]
    assert [water.low, water.typical, water.high] == expected


@pytest.mark.parametrize(
    ("project", "per_mu_10k_cny"),
    [("fab12", 4500), ("fab6", 1214), ("sic_substrate", 2381), ("wafer_si", 3700), ("multi_tenant", 618)],
)
def test_investment_is_the_intensity_on_the_typical_land(project: str, per_mu_10k_cny: float) -> None:
    demand = brief_of(TYPES, project).demand
    assert demand["investment_10k_cny"] == pytest.approx(per_mu_10k_cny * demand["land_m2"] / M2_PER_MU, rel=1e-3)


def test_a_figure_nobody_knows_is_absent_not_zero() -> None:
    assert "wastewater_m3_d" not in TYPES["sic_substrate"].quantities
    assert "wastewater_m3_d" not in TYPES["multi_tenant"].quantities
    assert "land_m2" not in TYPES["pkg_adv"].quantities
    assert "water_m3_d" not in brief_of(TYPES, "fab12").demand  # only a ceiling is known


def test_every_assumption_says_so_in_its_source_and_every_figure_has_a_known_name() -> None:
    seen = 0
    for name, kind in TYPES.items():
        assert set(kind.quantities) <= set(QUANTITIES), name
        for key, quantity in kind.quantities.items():
            seen += 1
            if quantity.confidence == "assumption-illustrative":
                assert "assum" in quantity.source or "assum" in quantity.note, f"{name}.{key}"
            if quantity.per:
                assert kind.capacity is not None, f"{name}.{key} scales with nothing"
    assert seen > 40


def test_wet_chemicals_are_wanted_in_linjiang_and_terminals_in_qianjin() -> None:
    assert "linjiang" in TYPES["wet_chem"].zones
    assert "qianjin" in TYPES["auto_elec"].zones


def test_arsenic_is_flagged_for_compound_semiconductors_alone() -> None:
    assert [name for name, kind in TYPES.items() if "arsenic" in kind.flags] == ["compound"]
