"""The encoding of Chinese text that does not say, or lies about, what it is.

Comes in: bytes and what the file declares. Goes out: an encoding, how sure, decoded text.
Must not know: any format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from xingu_geo.ground.base.errors import XinguError

_DECLARED_BONUS: Final = 0.15
_SURE_MARGIN: Final = 0.1
_SCORED_BYTES_MAX: Final = 1_000_000
_NAMES: Final = {
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "65001": "utf-8",
    "utf8sig": "utf-8",
    "936": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "oem936": "gb18030",
    "ansi936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "54936": "gb18030",
    "big5": "big5",
    "950": "big5",
    "cp950": "big5",
    "big5hkscs": "big5",
    "oem950": "big5",
    "ansi950": "big5",
    "iso88591": "latin-1",
    "88591": "latin-1",
    "latin1": "latin-1",
    "1252": "cp1252",
    "cp1252": "cp1252",
    "ansi1252": "cp1252",
    "windows1252": "cp1252",
    "utf16": "utf-16",
    "utf16le": "utf-16",
}
# Code page bytes of dBASE files; 0x57 ("ANSI") and 0x00 say nothing, 0x03 is written by programs that mean nothing.
_DBF_LANGUAGES: Final = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding Python knows, whether the evidence leaves no second candidate, and the declaration it overruled."""

    encoding: str
    is_sure: bool
    overruled: str = ""


def known_encoding(name: str) -> str | None:
    """The codec that a ``.cpg``, a header or a person means by ``name``; ``None`` if it means none."""
    key = re.sub(r"[\s_:\-.]", "", name.strip().casefold())
    return _NAMES.get(key) or _NAMES.get(key.removeprefix("windows")) or _NAMES.get(key.removeprefix("ansi"))


def dbf_language(code: int) -> str | None:
    """What the language byte of a dBASE header says, ``None`` if nothing trustworthy."""
    return _DBF_LANGUAGES.get(code)


def chosen_encoding(name: str) -> str:
    """The codec a person chose; ``encoding_unknown`` if there is none of that name."""
    codec = known_encoding(name)
    if codec is None:
        raise XinguError("encoding_unknown", encoding=name, known="UTF-8, GBK, GB18030, Big5")
    return codec


def guess_encoding(pieces: Sequence[bytes], *, declared: str | None = None) -> Guess:
    """The encoding under which every piece decodes and reads like written Chinese.

    Valid UTF-8 with Chinese in it is UTF-8 whatever a declaration says, because other encodings practically never
    pass for it. GB18030 and Big5 pass for each other, so both are decoded and the share of everyday characters
    decides, with a bonus for the declared one; on a tie GB18030.

    Raises
    ------
    XinguError
        ``encoding_lost`` if no candidate decodes all pieces.
    """
    told = [piece for piece in pieces if any(byte > 0x7F for byte in piece)]
    if not told:
        return Guess(declared if declared in {"gb18030", "big5"} else "utf-8", is_sure=True)
    text = _decoded(told, "utf-8")
    if text is not None and (_has_chinese(text) or declared in {None, "utf-8"}):
        wide = _scores(told, declared)
        if _has_chinese(text) or not wide or max(wide.values()) < 0.9:
            return _guess("utf-8", declared, is_sure=True)
    scores = _scores(told, declared)
    if declared in {"latin-1", "cp1252"} and (not scores or max(scores.values()) < 0.5):
        return Guess(declared, is_sure=False)
    if not scores:
        raise XinguError("encoding_lost", known="UTF-8, GBK, GB18030, Big5")
    best = max(scores, key=lambda name: (scores[name], name == "gb18030"))
    rest = [score for name, score in scores.items() if name != best]
    return _guess(best, declared, is_sure=not rest or scores[best] - max(rest) >= _SURE_MARGIN)


def decode_cell(cell: bytes, encoding: str) -> tuple[str, bool]:
    """The text of one fixed-width cell and whether its last character was cut in two by the width."""
    try:
        return cell.decode(encoding), False
    except UnicodeDecodeError as error:
        if len(cell) - error.start < 4:
            return cell[: error.start].decode(encoding), True
        raise


def clean_text(text: str) -> str:
    """``text`` without control and direction-changing characters, which no name needs and which can hide others."""
    return "".join(
        sign for sign in text if unicodedata.category(sign) not in {"Cc", "Cf", "Cs"} or sign == "\n"
    ).strip()


def one_line(text: str) -> str:
    """``text`` cleaned and on one line, as a sentence can hold it."""
    return " ".join(clean_text(text).split())


def sample_of(words: Iterable[object], *, count: int = 6) -> tuple[str, ...]:
    """A few different words with characters beyond ASCII, for a person to see whether they read right."""
    seen: dict[str, None] = {}
    for word in words:
        if isinstance(word, str) and not word.isascii():
            seen.setdefault(clean_text(word)[:24], None)
            if len(seen) == count:
                break
    return tuple(seen)


def _guess(encoding: str, declared: str | None, *, is_sure: bool) -> Guess:
    return Guess(encoding, is_sure, overruled=declared if declared not in {None, encoding} and declared else "")


def _scores(pieces: Sequence[bytes], declared: str | None) -> dict[str, float]:
    scores: dict[str, float] = {}
    for name in ("gb18030", "big5"):
        text = _decoded(pieces, name)
        if text is not None:
            scores[name] = _everyday_share(text, name) + (_DECLARED_BONUS if name == declared else 0.0)
    return scores


def _decoded(pieces: Sequence[bytes], encoding: str) -> str | None:
    words: list[str] = []
    size = 0
    for piece in pieces:
        try:
            words.append(decode_cell(piece, encoding)[0])
        except UnicodeDecodeError:
            return None
        size += len(piece)
    return "\n".join(words)


def _has_chinese(text: str) -> bool:
    return any("\u2e80" <= sign <= "\u9fff" or "\uff00" <= sign <= "\uffef" for sign in text)


def _everyday_share(text: str, encoding: str) -> float:
    """The share of everyday characters (first level of GB 2312, or of Big5) among all beyond ASCII and punctuation."""
    codec, first, last = ("gb2312", 0xB0, 0xD7) if encoding == "gb18030" else ("big5", 0xA4, 0xC6)
    common = counted = 0
    for sign in text[:_SCORED_BYTES_MAX]:
        if (
            sign < "\u0080"
            or "\u2000" <= sign <= "\u206f"
            or "\u3000" <= sign <= "\u303f"
            or "\uff00" <= sign <= "\uffef"
        ):
            continue
        counted += 1
        try:
            common += first <= sign.encode(codec)[0] <= last
        except UnicodeEncodeError:
            continue
    return common / counted if counted else 0.5
