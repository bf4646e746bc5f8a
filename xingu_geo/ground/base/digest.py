"""Digests that let a result name exactly what made it.

Comes in: bytes, files, plain values. Goes out: hexadecimal SHA-256. Must not know: what the content means.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path


def digest_bytes(content: bytes) -> str:
    """SHA-256 of ``content``, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def digest_file(path: Path) -> str:
    """SHA-256 of the file at ``path``."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest_value(value: object) -> str:
    """SHA-256 of a plain value (dicts, lists, text, numbers) in canonical JSON; key order does not matter."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=True, default=str)
    # A file name that is no UTF-8, as old zips bring them, comes as lone surrogates.
    return digest_bytes(text.encode("utf-8", "surrogatepass"))


def digest_all(digests: Iterable[str]) -> str:
    """One digest over several, in the order given."""
    return digest_bytes("\n".join(digests).encode("ascii"))
