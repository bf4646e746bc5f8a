"""TOML as the catalogue writes it: one line for each key, tables in tables as blocks of their own.

Comes in: plain tables. Goes out: lines that ``tomllib`` reads back equal. Must not know: what a table says.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping


def toml_lines(table: Mapping[str, object]) -> list[str]:
    """``key = value`` for each key, in the order given."""
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: object) -> str:
    if isinstance(value, str):
        # JSON's escapes are a subset of TOML's, but for DEL.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(toml_lines(value))} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(part) for part in value)}]"
    return repr(value)
