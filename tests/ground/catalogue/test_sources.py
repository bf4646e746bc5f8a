"""The sources: read from several folders, their links taken out, files of the project's own told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.settings import data_dir
from xingu_geo.ground.catalogue.sources import Source, read_sources

BLOCK = """
[{key}]
title = {{ zh = "某资料", en = "A paper" }}
address = "{address}"
accessed_on = 2026-01-31
note = {{ zh = "说明", en = "note" }}
"""


def _source(tmp_path: Path, address: str) -> Source:
    (tmp_path / "sources.toml").write_text(BLOCK.format(key="one", address=address), encoding="utf-8")
    return read_sources([tmp_path])["one"]


@pytest.mark.parametrize(
    ("address", "links", "citation"),
    [
        ("https://a.cn/p-1 (项目代码 2204)", ("https://a.cn/p-1",), ""),
        ("https://a.cn; http://b.cn/x/2.html", ("https://a.cn", "http://b.cn/x/2.html"), ""),
        ("GB 50014-2021，第4.1章", (), "GB 50014-2021，第4.1章"),
        ("data/sewers.toml", (), ""),
        ("docs/decisions; data/*.toml", (), ""),
        ("sha256:00ff", (), ""),
        ("javascript:alert(1)", (), "javascript:alert(1)"),
    ],
)
def test_links_and_citations_are_told_apart(
    tmp_path: Path, address: str, links: tuple[str, ...], citation: str
) -> None:
    source = _source(tmp_path, address)
    assert (source.links, source.citation) == (links, citation)


def test_the_folder_named_last_explains_a_key_both_have(tmp_path: Path) -> None:
    for name, address in (("below", "https://below.cn"), ("above", "https://above.cn")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sources.toml").write_text(BLOCK.format(key="one", address=address), encoding="utf-8")
    found = read_sources([tmp_path / "below", tmp_path / "nowhere", tmp_path / "above"])
    assert found["one"].links == ("https://above.cn",)


def test_a_source_without_a_date_is_refused_with_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text('[one]\ntitle = { zh = "甲", en = "A" }\n', encoding="utf-8")
    with pytest.raises(XinguError) as refusal:
        read_sources([tmp_path])
    assert "sources.toml" in refusal.value.sentence("en")


def test_every_shipped_source_can_be_read() -> None:
    shipped = read_sources([data_dir()])
    assert len(shipped) > 20
    assert all(source.title.zh and source.title.en for source in shipped.values())
