"""A page to print, in one file that needs nothing beside it: no script, nothing fetched from anywhere.

Comes in: titles, texts, rows. Goes out: HTML. Must not know: what a page is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from xingu_geo.ground.base.inert import safe_text
from xingu_geo.ground.base.say import Lang

STYLE: Final = """
@page { size: A4; margin: 16mm }
body { font: 9.5pt/1.4 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif; color: #0f172a; max-width: 178mm; margin: auto }
h1 { font-size: 15pt; margin: 0 0 2mm } h2 { font-size: 11.5pt; margin: 5mm 0 1.5mm }
.verdict { font-size: 12pt; font-weight: 600; padding: 2mm 3mm; border-left: 1.2mm solid #b42318; background: #fef3f2 }
.verdict.ranked { border-color: #2a6fae; background: #eff6ff } .verdict.out { border-color: #64748b; background: #f8fafc }
.verdict.fits { border-color: #15803d; background: #f0fdf4 } .verdict.unknown { border-color: #64748b; background: #f8fafc }
table { border-collapse: collapse; width: 100% } th, td { border-bottom: .2mm solid #cbd5e1; padding: .8mm 1.5mm; text-align: left; vertical-align: top }
td.n, th.n { text-align: right; white-space: nowrap } td:first-child, td:last-child { white-space: nowrap } .note { color: #475569; font-size: 9pt }
.bar { height: 2.4mm; background: #e2e8f0; position: relative; min-width: 26mm } .bar i { display: block; height: 100%; background: #b42318; max-width: 100% }
.bar.got i { background: #2a6fae } svg { width: 100%; height: auto; border: .2mm solid #cbd5e1 } .keys { margin: 1mm 0 }
.key { display: inline-block; width: 3mm; height: 3mm; margin: 0 1mm 0 3mm; vertical-align: -.3mm } .key.line { height: 1mm; width: 5mm; vertical-align: .6mm }
* { -webkit-print-color-adjust: exact; print-color-adjust: exact } tr, svg { break-inside: avoid } h2 { break-after: avoid }
"""  # noqa: E501 - a style sheet reads best one rule to the line

# A Chinese font draws a Latin quotation mark as wide as a character.
LATIN: Final = "body { font-family: 'Segoe UI','Helvetica Neue',Arial,sans-serif }"


def page(title: str, body: Iterable[str], lang: Lang) -> str:
    """A complete HTML page in ``lang`` of parts that are markup already."""
    html_lang = "zh-CN" if lang == "zh" else "en"
    style = STYLE if lang == "zh" else STYLE + LATIN
    head = f'<meta charset="utf-8"><title>{safe_text(title)}</title><style>{style}</style>'
    return f'<!doctype html><html lang="{html_lang}"><head>{head}</head><body>{"".join(body)}</body></html>\n'


def tag(name: str, text: object, *, cls: str = "") -> str:
    """One element with plain text in it."""
    kind = f' class="{cls}"' if cls else ""
    return f"<{name}{kind}>{safe_text(text)}</{name}>"


def table(heads: Sequence[str], rows: Iterable[Iterable[object]], *, numbers: set[int]) -> str:
    """A table of plain texts; the columns of ``numbers`` (by position) stand to the right."""
    return markup_table(heads, [[safe_text(cell) for cell in row] for row in rows], numbers=numbers)


def markup_table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: set[int]) -> str:
    """The same of cells that are markup already."""

    def line(name: str, cells: Sequence[str]) -> str:
        kinds = [' class="n"' if at in numbers else "" for at in range(len(cells))]
        return "".join(f"<{name}{kind}>{cell}</{name}>" for kind, cell in zip(kinds, cells, strict=True))

    head = line("th", [safe_text(head) for head in heads])
    return f"<table><tr>{head}</tr>" + "".join(f"<tr>{line('td', row)}</tr>" for row in rows) + "</table>"
