"""OpenStreetMap extracts become layers with roles, OpenStreetMap's own ids, and the ODbL in their passports."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from kit import intake as kit
from kit.opening import Options, intake, open_catalogue

from xingu_geo.doors.exchange.travel_papers import attribution_of
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake.readers.osm import read_osm, tags_of
from xingu_geo.places.intake.sniff import sniff

NODES = {1: (120.40, 30.30), 2: (120.41, 30.30), 3: (120.41, 30.31), 4: (120.40, 30.31)}
WAYS = {
    10: ((1, 2, 3), {"highway": "primary", "name": "21号大街", "name:en": "Street 21"}),
    11: ((1, 2, 3, 4, 1), {"landuse": "residential", "name": '某小区 "甲"'}),
    12: ((1, 3), {"highway": "footway"}),
    13: ((1, 2, 3, 4, 1), {"natural": "water", "name": "金沙湖"}),
}


def xml() -> bytes:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6">']
    lines += [f'<node id="{n}" lat="{lat}" lon="{lon}"/>' for n, (lon, lat) in NODES.items()]
    lines.append('<node id="5" lat="30.305" lon="120.405"><tag k="station" v="subway"/><tag k="name" v="云水"/></node>')
    for number, (nodes, tags) in WAYS.items():
        inside = "".join(f'<nd ref="{n}"/>' for n in nodes)
        inside += "".join('<tag k="{}" v="{}"/>'.format(k, v.replace('"', "&quot;")) for k, v in tags.items())
        lines.append(f'<way id="{number}">{inside}</way>')
    return "\n".join([*lines, "</osm>"]).encode()


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def zigzag(value: int) -> bytes:
    return varint(value * 2 if value >= 0 else -value * 2 - 1)


def field(number: int, value: bytes | int) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def pbf() -> bytes:
    """The same town as protocol buffers, by the format's own description: header block, then one primitive block."""
    words = sorted({word for _, tags in WAYS.values() for pair in tags.items() for word in pair})
    index = {word: place for place, word in enumerate(words, start=1)}
    table = b"".join(field(1, word) for word in [b"", *(word.encode() for word in words)])
    group = b""
    for number, (lon, lat) in NODES.items():
        node = varint(1 << 3) + zigzag(number) + varint(8 << 3) + zigzag(round(lat * 1e7))
        group += field(1, node + varint(9 << 3) + zigzag(round(lon * 1e7)))
    for number, (nodes, tags) in WAYS.items():
        deltas = [b - a for a, b in zip((0, *nodes[:-1]), nodes, strict=True)]
        way = field(1, number) + field(2, b"".join(varint(index[key]) for key in tags))
        way += field(3, b"".join(varint(index[value]) for value in tags.values()))
        group += field(3, way + field(8, b"".join(zigzag(delta) for delta in deltas)))
    blocks = ((b"OSMHeader", field(4, b"OsmSchema-V0.6")), (b"OSMData", field(1, table) + field(2, group)))
    out = b""
    for kind, block in blocks:
        blob = field(2, len(block)) + field(3, zlib.compress(block))
        header = field(1, kind) + field(3, len(blob))
        out += struct.pack(">I", len(header)) + header + blob
    return out


@pytest.mark.parametrize(("name", "content"), [("a.osm", xml()), ("a.osm.pbf", pbf())])
def test_an_extract_gives_roads_homes_and_water_with_their_own_ids(tmp_path: Path, name: str, content: bytes) -> None:
    path = kit.write(tmp_path, name, content)
    assert sniff(path) == "osm"
    raws = {raw.role: raw for raw in read_osm(path, Options())}
    assert {"roads", "residential", "river"} <= set(raws)
    roads = raws["roads"].frame
    assert roads[["id", "name_zh", "name_en", "class"]].values.tolist() == [
        ["w10", "21号大街", "Street 21", "arterial"]
    ]
    assert raws["residential"].frame["name_zh"].tolist() == ['某小区 "甲"']
    assert raws["river"].frame["id"].tolist() == ["w13"]
    assert [tuple(round(c, 6) for c in pair) for pair in roads.geometry.iloc[0].coords] == [NODES[n] for n in (1, 2, 3)]
    assert {raw.licence for raw in raws.values()} == {"ODbL-1.0"}


def test_the_licence_reaches_the_attribution_of_every_export(tmp_path: Path) -> None:
    into = tmp_path / "into"
    report = intake(kit.write(tmp_path, "a.osm", xml()), role="parcels", into=into)
    assert {layer.role for layer in report.layers} == {"roads", "residential", "river", "metro"}
    lines = attribution_of(open_catalogue(into))
    assert len(lines) == 4
    assert all("ODbL-1.0" in line for line in lines)


def test_one_role_can_be_taken_alone(tmp_path: Path) -> None:
    report = intake(kit.write(tmp_path, "a.osm", xml()), role="roads", into=tmp_path / "into")
    assert [layer.role for layer in report.layers] == ["roads"]


def test_an_extract_of_nothing_known_is_refused(tmp_path: Path) -> None:
    path = kit.write(tmp_path, "a.osm", b'<osm version="0.6"><node id="1" lat="30" lon="120"/></osm>')
    with pytest.raises(XinguError) as caught:
        read_osm(path, Options())
    assert caught.value.code == "layer_empty"


def test_quoted_tags_are_read_back_as_they_were() -> None:
    assert tags_of(r'"name:en"=>"A \"B\" \\ C","x"=>"=>"') == {"name:en": 'A "B" \\ C', "x": "=>"}
