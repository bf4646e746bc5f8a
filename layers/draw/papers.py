"""Columns and phrases that several passports share.

Comes in: nothing. Goes out: :class:`Field` constants, :func:`note`. Must not know: any one layer.
"""

from __future__ import annotations

from layers.draw.write import Both, Field

ID = Field("id", "text", "稳定编号", "stable id")
NAMES = (
    Field("name_zh", "text", "中文名称", "name in Chinese"),
    Field("name_en", "text", "英文名称", "name in English"),
)
ABOUT = (
    Field("about_zh", "text", "说明(中文)", "about, in Chinese"),
    Field("about_en", "text", "说明(英文)", "about, in English"),
)


def note(zh: str, en: str) -> Both:
    """A lineage: how it was drawn, and by which script."""
    return (
        zh + "由本产品自带的程序绘制，可逐字节重现。",
        en + " Drawn by this product's own scripts, byte for byte again.",
    )
