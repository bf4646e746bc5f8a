"""CSV that spreadsheets open as text, never as formulas.

Comes in: a frame. Goes out: CSV text. Must not know: what the columns mean.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
BOM: Final = "\ufeff"


def csv_text(table: pd.DataFrame) -> str:
    """``table`` without geometry as CSV with a byte-order mark, which is what makes spreadsheets read it as UTF-8.

    Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers.
    """
    plain = table.drop(columns="geometry", errors="ignore").reset_index()
    guarded = plain.apply(lambda column: column.map(guard_formula) if column.dtype.kind in "OTU" else column)
    return BOM + str(guarded.to_csv(index=False, lineterminator="\r\n"))


def guard_formula(cell: object) -> object:
    """``cell``, behind an apostrophe if it is text that a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
