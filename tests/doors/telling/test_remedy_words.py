"""Remedies in sentences, and briefs that become discharges."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from kit import tables as planner
from kit.portfolio import box, sites_from
from kit.sewers import link, load, network, norms_without_infiltration, plant, station

from xingu_geo.doors.telling.remedy_words import remedy_sentence, said_figure
from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import LANGS
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.planning.projects import brief_of, read_project_types
from xingu_geo.sewers.network.assessed import assessed_of
from xingu_geo.sewers.network.headroom import Effluent, effluent_of, headroom_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.tie_in import site_headroom
from xingu_geo.sewers.relief.discharge import Discharge, discharge_of
from xingu_geo.sewers.relief.remedies import remedies_of
from xingu_geo.sewers.relief.remedy import RemedyKind
from xingu_geo.sewers.relief.ticket import Outcome, ticket_of


def drawn(confidence: Confidence) -> Network:
    return network(
        [
            {"id": "a", "x_m": 500_000.0, "y_m": 3_350_000.0},
            station("lift", 100.0, name_zh="义蓬泵站", name_en="Yipeng station", x_m=500_300.0, y_m=3_350_000.0),
            plant("works", 1e6),
        ],
        [link("a", "lift", diameter_mm=2000.0), link("lift", "works", diameter_mm=2000.0)],
        [load("a", 0.0, 3600.0, name="dye works")],
        norms=norms_without_infiltration(),
        confidence=confidence,
    )


BIG = Discharge("fab12", "P1", "a", 5000.0, Effluent(0.0, 1.2))


def test_both_languages_carry_the_same_numbers():
    net = drawn(Confidence.SURVEYED)
    ticket = ticket_of(assessed_of(net), [BIG, replace(BIG, project="fab8", flow_m3_d=1234.5)])
    remedies = remedies_of(net, ticket, planner.upgrade_costs())
    assert len(remedies) >= 3
    for remedy in remedies:
        zh, en = remedy_sentence(remedy, "zh"), remedy_sentence(remedy, "en").replace("10,000 CNY", "")
        numbers = [sorted(re.findall(r"\d[\d,.]*\d|\d", text)) for text in (zh, en)]
        assert numbers[0] == numbers[1]
        assert numbers[0]


def test_a_figure_is_rounded_to_the_side_on_which_it_works():
    net = drawn(Confidence.SURVEYED)
    remedies = remedies_of(net, ticket_of(assessed_of(net), [BIG]), planner.upgrade_costs())
    exact = {
        RemedyKind.DISCHARGE: (3599.96, "m3_d", 3599.9),
        RemedyKind.REUSE: (0.28001, "share", 0.281),
        RemedyKind.CROSS_LINK: (1.01, "m3_d", 1.1),
        RemedyKind.PUMP: (9.001, "l_s", 9.01),
        RemedyKind.PIPE: (504.2, "mm", 505.0),
        RemedyKind.PLANT: (7.0, "m3_d", 7.0),
    }
    for kind, (figure, unit, said) in exact.items():
        assert said_figure(replace(remedies[0], kind=kind, figure=figure, unit=unit)).value == said
    reused = replace(remedies[0], kind=RemedyKind.REUSE, figure=0.28001, unit="share")
    assert "28.1 %" in remedy_sentence(reused, "en")
    (smaller,) = [remedy for remedy in remedies if remedy.kind is RemedyKind.DISCHARGE]
    assert ticket_of(assessed_of(net), [replace(BIG, flow_m3_d=said_figure(smaller).value)]).outcome is Outcome.FITS


def test_every_kind_of_remedy_has_a_sentence_in_both_languages():
    net = drawn(Confidence.SURVEYED)
    (first, *_) = remedies_of(net, ticket_of(assessed_of(net), [BIG]), planner.upgrade_costs())
    for kind in RemedyKind:
        for lang in LANGS:
            assert "{" not in remedy_sentence(replace(first, kind=kind, cost_10k_cny=float("nan")), lang)


def test_a_brief_on_a_site_becomes_a_discharge_at_its_tie_in():
    net = drawn(Confidence.SURVEYED)
    types = read_project_types(data_dir() / "project_types.toml")
    brief = brief_of(types, "fab12", changes={"wastewater_m3_d": 4000.0, "domestic_share": 0.2})
    sites = sites_from([box(10, 0, 100, 100), box(9000, 0, 10, 10)], ids=["near", "far"])
    sewered = site_headroom(sites, net, headroom_of(assessed_of(net), effluent_of(brief, net.norms)))
    discharge = discharge_of(brief, "near", sewered, net.norms)
    assert (discharge.id, discharge.node, discharge.flow_m3_d) == ("fab12@near", "a", 4000.0)
    assert discharge.effluent.domestic_share == 0.2
    for site, code in (("far", "site_unsewered"), ("nowhere", "ticket_site_unknown")):
        with pytest.raises(XinguError) as refusal:
            discharge_of(brief, site, sewered, net.norms)
        assert refusal.value.code == code
        assert all(refusal.value.sentence(lang) for lang in LANGS)
    dry = replace(brief, demand={})
    with pytest.raises(XinguError) as refusal:
        discharge_of(dry, "near", sewered, net.norms)
    assert refusal.value.code == "discharge_unknown"
