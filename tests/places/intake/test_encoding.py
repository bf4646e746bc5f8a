"""Chinese text comes out exactly as it was typed, whatever the file says or does not say about its encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import intake as kit
from kit.opening import Options

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.archive import unpack
from xingu_geo.places.intake.dbf import read_dbf
from xingu_geo.places.intake.encoding import decode_cell, guess_encoding, known_encoding
from xingu_geo.places.intake.readers.shapefile import read_shapefile_zip
from xingu_geo.places.intake.readers.table import read_csv

SIMPLIFIED = ("杭州市钱塘区白杨街道", "一类工业用地", "士兰集昕微电子", "下沙经济技术开发区", "青东二路污水泵站")
TRADITIONAL = ("臺灣積體電路製造股份有限公司", "錢塘江畔的土地", "工業用地", "這是一個測試", "污水處理廠與泵站")
RARE = ("朱镕基㐀𠀀", "𫍰𫖮喆堃", "钱塘区")  # beyond GBK: only GB18030 and UTF-8 hold these
RIGHT = {"gbk": "GBK", "gb18030": "GB18030", "big5": "Big5", "utf-8": "UTF-8"}


def cases() -> list[tuple[str, str | None, tuple[str, ...]]]:
    """Each encoding with no declaration, the right one, and every wrong one."""
    words = {"gbk": SIMPLIFIED, "gb18030": RARE + SIMPLIFIED, "big5": TRADITIONAL, "utf-8": SIMPLIFIED}
    wrong = ("UTF-8", "GBK", "Big5", "ISO-8859-1", "OEM 936", "nonsense")
    return [(encoding, cpg, words[encoding]) for encoding in words for cpg in (None, RIGHT[encoding], *wrong)]


@pytest.mark.parametrize(("encoding", "cpg", "words"), cases())
def test_a_shapefile_gives_back_the_exact_strings(
    tmp_path: Path, encoding: str, cpg: str | None, words: tuple[str, ...]
) -> None:
    title = "名稱" if encoding == "big5" else "名称"
    texts = ((title, "说明" if encoding != "big5" else "說明"), (words[0], words[1]), (words[2], words[3 % len(words)]))
    path = kit.write(tmp_path, "a.zip", kit.shapefile(encoding=encoding, cpg=cpg, texts=texts))
    (raw,) = read_shapefile_zip(path, Options(), workshop=tmp_path)
    assert list(raw.frame.columns[:2]) == list(texts[0])
    assert raw.frame.iloc[:, 0].tolist() == [texts[1][0], texts[2][0]]
    assert raw.frame.iloc[:, 1].tolist() == [texts[1][1], texts[2][1]]


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "big5", "utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_gives_back_the_exact_strings(tmp_path: Path, encoding: str) -> None:
    words = TRADITIONAL if encoding == "big5" else SIMPLIFIED
    text = "经度,纬度,name\n" if encoding != "big5" else "lon,lat,name\n"
    text += "".join(f"120.4,30.{n},{word}\n" for n, word in enumerate(words, start=1))
    (raw,) = read_csv(kit.write(tmp_path, "a.csv", text.encode(encoding)), Options())
    assert raw.frame["name"].tolist() == list(words)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "big5", "utf-8"])
def test_zip_member_names_come_out_as_typed(tmp_path: Path, encoding: str) -> None:
    names = ("錢塘區的土地利用.shp", "污水處理.dbf") if encoding == "big5" else ("钱塘区用地现状.shp", "污水管网.dbf")
    path = kit.write(tmp_path, "a.zip", kit.zipped([(name.encode(encoding), b"x") for name in names]))
    assert list(unpack(path, tmp_path / "out").files) == list(names)


def test_a_persons_choice_beats_the_guess(tmp_path: Path) -> None:
    path = kit.write(tmp_path, "a.zip", kit.shapefile(encoding="gbk"))
    (raw,) = read_shapefile_zip(path, Options(encoding="GBK"), workshop=tmp_path)
    assert raw.frame.iloc[0, 1] == "一类工业用地"
    with pytest.raises(XinguError) as caught:
        read_shapefile_zip(path, Options(encoding="UTF-8"), workshop=tmp_path / "again")
    assert caught.value.code == "encoding_wrong"


def test_a_lie_is_overruled_and_said(tmp_path: Path) -> None:
    path = kit.write(tmp_path, "a.zip", kit.shapefile(encoding="gbk", cpg="UTF-8"))
    (raw,) = read_shapefile_zip(path, Options(), workshop=tmp_path)
    assert [(note.code, note.facts["declared"]) for note in raw.notes] == [("encoding_overruled", "utf-8")]
    assert "一类工业用地" in raw.sample


def test_a_character_cut_in_two_by_the_field_is_dropped_and_counted() -> None:
    cell = "杭州钱塘".encode()[:10]  # three whole characters of three bytes, and one byte of the fourth
    table = read_dbf(kit.dbf([b"NAME"], [[cell]], width=10), name="a")
    assert table.columns["NAME"] == ["杭州钱"]
    assert table.cut == 1
    assert decode_cell("杭州".encode("gbk"), "gb18030") == ("杭州", False)


def test_language_byte_4d_is_trusted_and_57_says_nothing() -> None:
    ambiguous = "地块编号".encode("gbk")  # reads as everyday text in both encodings
    assert read_dbf(kit.dbf([b"N"], [[ambiguous]], language=0x57), name="a").guess.encoding == "gb18030"
    assert read_dbf(kit.dbf([b"N"], [[ambiguous]], language=0x4D), name="a").guess.encoding == "gb18030"


def test_digits_beyond_a_float_stay_text() -> None:
    header = kit.dbf([b"DKBH"], [[b"330114001001000123"]]).replace(
        b"DKBH\x00\x00\x00\x00\x00\x00\x00C", b"DKBH" + bytes(7) + b"N"
    )
    assert read_dbf(header, name="a").columns["DKBH"] == ["330114001001000123"]


@pytest.mark.parametrize(
    ("name", "codec"),
    [("UTF-8", "utf-8"), ("OEM 936", "gb18030"), ("ANSI 936", "gb18030"), ("cp936", "gb18030"), ("GB2312", "gb18030"),
     ("950", "big5"), ("65001", "utf-8"), ("klingon", None)],
)  # fmt: skip
def test_the_many_names_of_one_encoding(name: str, codec: str | None) -> None:
    assert known_encoding(name) == codec


COMMON = st.text(
    alphabet=[chr(c) for c in range(0x4E00, 0x9FA5) if len(chr(c).encode("gb2312", "ignore")) == 2], min_size=12
)


@given(COMMON)
@settings(deadline=None, max_examples=100)
def test_undeclared_utf8_is_never_taken_for_anything_else(text: str) -> None:
    assert guess_encoding([text.encode()]).encoding == "utf-8"


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(XinguError) as caught:
        guess_encoding([b"\xff\xff\xff\xff abc \xff"])
    assert caught.value.code == "encoding_lost"
