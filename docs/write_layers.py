"""Writes the generated tables of docs/layers.md anew from the passports.

Run from the project's folder: ``python -m docs.write_layers``. A test holds that the page is up to date.
"""

from __future__ import annotations

import re
from pathlib import Path

from xingu_geo.ground.base.gdal import close_doors
from xingu_geo.ground.catalogue.index import field_table, layer_table
from xingu_geo.places.place.place import layers_in

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "layers.md"


def tables() -> dict[str, str]:
    """The generated blocks by name."""
    catalogue = layers_in(ROOT / "layers")
    fields = [f"### `{role}`\n\n{field_table(catalogue, role, 'en')}\n" for role in sorted(catalogue)]
    return {"zh": layer_table(catalogue, "zh"), "en": layer_table(catalogue, "en"), "fields": "\n".join(fields)}


def renewed(page: str) -> str:
    """``page`` with each block between its marks replaced."""
    for name, table in tables().items():
        block = f"<!-- {name} -->\n{table}\n<!-- /{name} -->"
        page = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, block=block: block, page, flags=re.DOTALL)  # type: ignore[misc]
    return page


if __name__ == "__main__":
    close_doors()
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
