"""The one way of any text into a map, a page or a report: markup-safe, and inert when compiled as a template.

Comes in: any value of a layer, a name, a message. Goes out: text in which nothing is markup.
Must not know: where it is shown.
"""

from __future__ import annotations

import math
import re
from typing import Final

_ENTITIES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    "`": "&#96;",
    "$": "&#36;",
    "{": "&#123;",
    "}": "&#125;",
    "\\": "&#92;",
}
_BIDI: Final = (0x061C, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROL: Final = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_TABLE: Final = str.maketrans(
    {
        **{chr(code): " " for code in _CONTROL},
        **{chr(code): "" for code in _BIDI},
        **_ENTITIES,
    }
)
_MARK: Final = re.compile(r"\s*[(\uff08](示意|illustrative)[)\uff09]\s*$")
_MARKDOWN_TABLE: Final = {**{ord(mark): f"&#{ord(mark)};" for mark in "*_[]()~#:|!+-=./@"}, **_TABLE}


def safe_text(value: object) -> str:
    r"""``value`` as text that is shown literally by HTML and runs in no template.

    ``& < > " ' ` $ { } \`` become entities, control characters spaces; marks that turn the writing direction are
    dropped, so a name cannot pass itself off as another. ``None`` and NaN are empty. Apply it once: entities are
    escaped again by a second pass.

    Notes
    -----
    HTML escaping alone is not enough for a folium map: branca compiles the rendered text a second time as a Jinja
    template, so an attribute with double braces would run on the server. With braces as entities there is nothing
    left to compile.

    Examples
    --------
    >>> safe_text("<b>{{ 7 }}</b>")
    '&lt;b&gt;&#123;&#123; 7 &#125;&#125;&lt;/b&gt;'
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).translate(_TABLE)


def without_mark(name: object) -> str:
    """``name`` without a closing "(示意)" or "(illustrative)": where a page or a legend says so once for all."""
    return _MARK.sub("", "" if name is None else str(name))


def safe_markdown(value: object) -> str:
    """:func:`safe_text` with markdown's own marks as entities too: shown literally in a widget's label."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value).translate(_MARKDOWN_TABLE)
