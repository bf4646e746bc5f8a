"""Files that are no .inp, or a broken one: one sentence each, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import tables as planner
from kit.swmm import pump_chain

from xingu_geo.ground.base import settings as limits
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.sewers.swmm import inp_rows
from xingu_geo.sewers.swmm.dry_weather import dry_text
from xingu_geo.sewers.swmm.from_inp import network_of_inp
from xingu_geo.sewers.swmm.import_inp import ImportOptions, import_swmm
from xingu_geo.sewers.swmm.inp_model import model_of
from xingu_geo.sewers.swmm.inp_rows import inp_of
from xingu_geo.sewers.swmm.simulate import swmm_run
from xingu_geo.sewers.swmm.to_inp import export_swmm

NORMS = planner.norms()
GOOD = """[OPTIONS]
FLOW_UNITS LPS
[JUNCTIONS]
A 10 4
B 9 4
[OUTFALLS]
OUT 8 FREE
[CONDUITS]
ab A B 100 0.013 0 0
bo B OUT 100 0.013 0 0
[XSECTIONS]
ab CIRCULAR 1.5 0 0 0 1
bo CIRCULAR 2 0 0 0 1
[DWF]
A FLOW 2
[COORDINATES]
A 0 0
B 100 0
OUT 200 0
"""

BROKEN = {
    "inp_no_sections": (GOOD, "hello, this is a letter"),
    "inp_not_text": (GOOD, "\x00\x01\x02"),
    "inp_units": ("FLOW_UNITS LPS", "FLOW_UNITS buckets"),
    "inp_no_network": ("[CONDUITS]", "[NOTHING]"),
    "inp_short": ("B 9 4", "B"),
    "inp_number": ("A 10 4", "A ten 4"),
    "inp_template": ("A 10 4", "A {{elevation}} 4"),
    "inp_doubled": ("B 9 4", "a 9 4"),
    "inp_end_unknown": ("ab A B", "ab A Nowhere"),
    "inp_not_above_0": ("ab A B 100 0.013", "ab A B 100 0"),
    "inp_no_section": ("ab CIRCULAR 1.5 0 0 0 1\n", ""),
    "inp_circle": ("bo B OUT", "bo B A"),
}


def _refused(text: str, **options: object) -> XinguError:
    with pytest.raises(XinguError) as caught:
        network_of_inp(inp_of(text.encode(), name="bad.inp"), norms=NORMS, **({"crs": "none"} | options))  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_file_is_refused_in_one_sentence_that_names_it(code: str, tmp_path: Path) -> None:
    before, after = BROKEN[code]
    assert before in GOOD
    text = GOOD.replace(before, after)
    refusal = _refused(text)
    assert refusal.code == code
    for lang in ("zh", "en"):
        sentence = refusal.sentence(lang)  # type: ignore[arg-type]
        assert "bad.inp" in sentence
        assert "{" not in sentence.replace("{{elevation}}", "")
        assert "\n" not in sentence
    path, out = tmp_path / "bad.inp", tmp_path / "out"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(XinguError):
        import_swmm(path, out, options=ImportOptions(crs="none"), norms=planner.norms())
    assert not out.exists()


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    assert _refused(GOOD.replace("A 10 4", f"A {number} 4")).code == "inp_number"


@pytest.mark.parametrize("hole", ["${ELEV}", "$ELEV", "<%= e %>", "%(elev)s", "@@e@@", "<elev>", "{elev}", "%ELEV%"])
def test_templates_of_many_makes_are_known(hole: str) -> None:
    assert _refused(GOOD.replace("A 10 4", f"A {hole.replace(' ', '')} 4")).code == "inp_template"


def test_a_file_that_does_not_say_where_it_lies_is_not_placed_by_guess() -> None:
    assert _refused(GOOD, crs="").code == "inp_crs_missing"
    assert _refused(GOOD, crs="EPSG:999999").code == "inp_crs_unknown"
    assert _refused(GOOD, crs="somewhere").code == "inp_crs_unknown"
    assert _refused(GOOD.replace("A 0 0", "A 1e12 1e12"), crs="EPSG:32651").code == "inp_off_the_map"


def test_a_file_too_big_too_long_or_with_too_many_elements_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "big.inp"
    path.write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(inp_rows, "UPLOAD_BYTES_MAX", 10)
    with pytest.raises(XinguError) as caught:
        inp_rows.open_inp(path)
    assert caught.value.code == "inp_too_big"
    monkeypatch.setattr(inp_rows, "UPLOAD_FEATURES_MAX", 1)
    with pytest.raises(XinguError) as caught:
        inp_of(GOOD.encode(), name="long.inp")
    assert caught.value.code == "inp_too_long"
    assert limits.UPLOAD_BYTES_MAX == 50_000_000


def test_a_missing_file_and_a_folder_are_said_so(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "none.inp", "file_missing"), (tmp_path, "file_unreadable")):
        with pytest.raises(XinguError) as caught:
            inp_rows.open_inp(path)
        assert caught.value.code == code


def test_names_in_chinese_encodings_and_bytes_of_no_encoding_are_read() -> None:
    chinese = GOOD.replace("A ", "甲井 ")
    for data in (chinese.encode("utf-8-sig"), chinese.encode("gb18030")):
        assert "甲井" in model_of(inp_of(data, name="zh.inp")).nodes
    assert model_of(inp_of(GOOD.encode() + b"\n;; \xff\xfe\xfa", name="odd.inp")).nodes


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=50)
def test_no_text_does_worse_than_a_refusal(noise: str) -> None:
    for text in (noise, GOOD + noise, GOOD.replace("0.013", noise[:20])):
        try:
            network_of_inp(inp_of(text.encode("utf-8", "replace"), name="noise.inp"), norms=NORMS, crs="none")
        except XinguError as refusal:
            refusal.sentence("zh")


@given(st.data())
@settings(deadline=None, max_examples=50)
def test_no_line_lost_or_cut_does_worse_than_a_refusal(data: st.DataObject) -> None:
    lines = GOOD.splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] = lines[at][: data.draw(st.integers(0, len(lines[at])))]
    try:
        network_of_inp(inp_of("\n".join(lines).encode(), name="cut.inp"), norms=NORMS, crs="none")
    except XinguError as refusal:
        refusal.sentence("en")


ANYTHING = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists, max_leaves=4)


@given(st.sampled_from(["id", "from_node", "node", "x_m", "kind", "diameter_mm", "is"]), ANYTHING)
@settings(deadline=None, max_examples=60)
def test_our_own_comments_tampered_with_do_no_worse_than_a_refusal(key: str, value: object) -> None:
    import json  # noqa: PLC0415

    stamp = {"is": "file", "digest": inp_rows.digest_of_text(GOOD)}
    rows = [
        {"is": "node", "id": "n", "kind": "outfall", key: value},
        {"is": "link", "id": "l", "from_node": "n", "to_node": "n", "kind": "gravity", key: value},
        {
            "is": "load",
            "id": "q",
            "node": "n",
            "state": "existing",
            "domestic_m3_d": 1.0,
            "industrial_m3_d": 0.0,
            key: value,
        },
    ]
    text = GOOD + "\n".join(inp_rows.RECORD + json.dumps(row) for row in (stamp, *rows)) + "\n"
    try:
        network_of_inp(inp_of(text.encode("utf-8", "replace"), name="own.inp"), norms=NORMS, crs="none")
    except XinguError as refusal:
        refusal.sentence("en")


def test_the_dry_copy_names_no_other_file_and_holds_no_rules() -> None:
    text = (
        GOOD
        + '[FILES]\nSAVE HOTSTART "/etc/stolen.hsf"\n[CONTROLS]\nRULE 1\n[TIMESERIES]\nts FILE "/etc/passwd"\n'
        + '[RAINGAGES]\ng INTENSITY 1:00 1.0 FILE "/etc/hosts"\n[OUTFALLS]\nOUT2 8 TIMESERIES ts\n'
    )
    inp = inp_of(text.encode(), name="sly.inp")
    copy = dry_text(inp, model_of(inp))
    assert "/etc/" not in copy
    assert "FILE" not in copy
    assert "RULE" not in copy
    assert "OUT2 8 FREE" in copy


def test_what_the_engine_refuses_is_said_in_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "odd.inp"
    path.write_text(GOOD.replace("bo B OUT", "bo OUT B"), encoding="utf-8")
    with pytest.raises(XinguError, match="ERROR") as caught:
        swmm_run(path)
    assert caught.value.code == "inp_run_refused"


def test_a_simulation_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "net.inp"
    export_swmm(pump_chain(), path)
    with pytest.raises(XinguError) as caught:
        swmm_run(path, seconds_max=0.001)
    assert caught.value.code == "inp_run_slow"
