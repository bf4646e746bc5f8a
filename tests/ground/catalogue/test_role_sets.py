"""The layers of a sewer are one thing: of two sewers laid over each other one gives way as a whole."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from kit.opening import open_catalogue
from kit.six_fields import write_six_fields

from xingu_geo.doors.telling.rule_words import rule_sentence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import LANGS
from xingu_geo.ground.catalogue.audit import audit, known_sources
from xingu_geo.ground.catalogue.role_sets import ROLE_SETS, SEWERS
from xingu_geo.places.place.place import Place
from xingu_geo.siting.judging.eligibility import Verdict
from xingu_geo.study.run.spec import Study
from xingu_geo.study.run.stages import open_tables, run

ROOT = Path(__file__).parents[3]
SHIPPED = ROOT / "layers" / "sewers"
ROLES = ROLE_SETS[SEWERS].roles
PARTS = [chosen for count in range(5) for chosen in combinations(ROLES, count)]


def _place(folder: Path, roles: Sequence[str]) -> Path:
    folder.mkdir(exist_ok=True)
    shutil.copy(ROOT / "data" / "sources.toml", folder)
    for file in SHIPPED.iterdir():
        if file.stem in roles:
            shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six Fields with the shipped sewers."""
    folder = tmp_path_factory.mktemp("place")
    _place(folder, ROLES)
    return write_six_fields(folder)


@pytest.mark.parametrize("roles", PARTS, ids="+".join)
def test_whatever_part_of_a_set_is_laid_over_none_of_the_set_below_shows_through(
    base: Path, tmp_path: Path, roles: Sequence[str]
) -> None:
    upper = _place(tmp_path / "mine", roles)
    laid = open_catalogue(base).overlaid(open_catalogue(upper)) if roles else open_catalogue(base)
    assert {role for role in laid if role in ROLES} == set(roles or ROLES)
    assert all(laid.entries[role].file.parent == upper for role in roles)
    assert {"parcels", "roads", "residential"} < set(laid)
    # Nodes, links and loads are required, upgrades are not.
    missing = tuple(role for role in ROLES[:3] if roles and role not in roles)
    assert dict(laid.incomplete) == ({SEWERS: missing} if missing else {})
    assert laid.is_whole(SEWERS) == (not missing)


@pytest.mark.parametrize("roles", [("sewer_links",), ("sewer_nodes",), ("sewer_nodes", "sewer_links")], ids="+".join)
def test_with_part_of_a_sewer_the_siting_runs_and_says_in_one_sentence_which_layer_is_missing(
    base: Path, tmp_path: Path, roles: Sequence[str]
) -> None:
    laid = open_catalogue(_place(tmp_path / "mine", roles), over=base)
    result = run(Place(laid, open_tables(ROOT / "data")), Study())
    (rule,) = [rule for rule in result.measured.rules if rule.id == "headroom"]
    judged = result.eligibility
    assert set(judged.verdict["headroom"]) == {Verdict.NOT_ASSESSED}  # neither a pass nor a zero
    assert result.measured.network is None
    words = {"sewer_nodes": ("节点", "nodes"), "sewer_links": ("管段", "links"), "sewer_loads": ("负荷", "loads")}
    for at, lang in enumerate(LANGS):
        (complaint,) = [one.sentence(lang) for one in laid.complaints]
        told = rule_sentence(rule, judged, str(judged.verdict.index[0]), lang)
        for role in ("sewer_nodes", "sewer_links", "sewer_loads"):
            assert (words[role][at] in told) == (words[role][at] in complaint) == (role not in roles)


def test_a_question_to_part_of_a_sewer_is_refused_with_what_is_missing(base: Path, tmp_path: Path) -> None:
    laid = open_catalogue(_place(tmp_path / "mine", ("sewer_nodes", "sewer_links")), over=base)
    with pytest.raises(XinguError) as refused:
        Place(laid, open_tables(ROOT / "data")).network("present")
    assert refused.value.sentence("zh") == "污水管网资料不全，缺负荷；请用 intake 导入所缺图层，补齐前不作判断。"


def test_a_set_that_is_whole_again_is_used_without_the_upgrades_of_the_one_below(base: Path, tmp_path: Path) -> None:
    laid = open_catalogue(_place(tmp_path / "mine", ROLES[:3]), over=base)
    network = Place(laid, open_tables(ROOT / "data")).network("2030")
    assert len(network.nodes) == laid.passport("sewer_nodes").features
    assert network.upgrades.empty


def test_the_audit_warns_of_part_of_a_set_and_does_not_fail(base: Path, tmp_path: Path) -> None:
    laid = open_catalogue(_place(tmp_path / "mine", ("sewer_links",)), over=base)
    (finding,) = audit(laid, known_sources(*laid.folders))
    assert (finding.code, finding.is_error) == ("set_incomplete", False)
    assert finding.document()["facts"] == {
        "title": {"zh": "污水管网", "en": "sewer layers"},
        "missing": {"zh": "节点、负荷", "en": "nodes, loads"},
    }
