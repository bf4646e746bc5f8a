"""The pen: one worker process for one file, with its own folder, killed when its time is up.

Comes in: a file and what to do with it. Goes out: what was found and a folder of layer files, or one refusal.
Must not know: any format.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.gdal import closed_doors
from xingu_geo.ground.base.settings import IMPORT_MEMORY_BYTES_MAX, IMPORT_SECONDS_MAX, UNZIPPED_BYTES_MAX
from xingu_geo.places.intake.encoding import clean_text
from xingu_geo.places.intake.intake_findings import refusal_from_wire
from xingu_geo.places.intake.layer_found import FileFound, found_from_wire
from xingu_geo.places.intake.raw import Options, options_to_wire

_PACKAGE_PARENT: Final = Path(__file__).resolve().parents[3]
_PASSED_ON: Final = ("PATH", "SYSTEMROOT", "WINDIR", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PROJ_DATA", "PROJ_LIB")
_SHAPEFILE_MAGIC: Final = b"\x00\x00\x27\x0a"


@contextlib.contextmanager
def examined(
    file: Path,
    *,
    role: str,
    options: Options,
    memory: Mapping[str, Mapping[str, str]],
    seconds: int = IMPORT_SECONDS_MAX,
) -> Iterator[tuple[FileFound, Path]]:
    """What was found in ``file`` and the folder with the layers they name; the folder is gone afterwards.

    Raises
    ------
    XinguError
        What the worker refused, ``import_timeout`` after ``seconds``, or ``import_crashed`` if it died.
    """
    with tempfile.TemporaryDirectory(prefix="xingu-intake-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for part in ("input", "work", "temp"):
            (folder / part).mkdir()
        job = {
            "file": _bring(file, folder / "input"),
            "role": role,
            "options": options_to_wire(options),
            "memory": memory,
            "seconds": seconds,
            "memory_bytes": IMPORT_MEMORY_BYTES_MAX,
            "file_bytes": 2 * UNZIPPED_BYTES_MAX,
        }
        (folder / "job.json").write_text(json.dumps(job, ensure_ascii=False, default=dict), encoding="utf-8")
        _run(folder, seconds=seconds, name=clean_text(file.name))
        try:
            result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
            found = None if "refusal" in result else found_from_wire(result)
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise XinguError("import_crashed", file=clean_text(file.name)) from error
        if found is None:
            raise _renamed(refusal_from_wire(result["refusal"]), str(job["file"]), clean_text(file.name))
        yield found, folder / "work"


def _renamed(refusal: XinguError, copied: str, brought: str) -> XinguError:
    """The refusal, speaking of the file that was brought and not of the worker's copy."""
    facts = {key: brought if value == copied else value for key, value in refusal.facts.items()}
    return XinguError(refusal.code, **facts)


def _bring(file: Path, folder: Path) -> str:
    """Copy the file, alone, under a harmless name; a bare ``.shp`` brings its companions."""
    stem = re.sub(r"[^\w\- ]", "_", clean_text(file.stem))[:80].strip() or "file"
    target = folder / f"{stem}.input"
    shutil.copyfile(file, target)
    with target.open("rb") as stream:
        is_shape = stream.read(4) == _SHAPEFILE_MAGIC
    if is_shape:
        for companion in file.parent.iterdir():
            wanted = companion.suffix.lower() in {".shx", ".dbf", ".prj", ".cpg"}
            if wanted and companion.stem == file.stem and companion.is_file():
                shutil.copyfile(companion, folder / f"{stem}{companion.suffix.lower()}")
    return target.name


def _run(folder: Path, *, seconds: int, name: str) -> None:
    environment = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    environment |= closed_doors() | {
        "PYTHONPATH": str(_PACKAGE_PARENT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "HOME": str(folder / "temp"),
        "TMPDIR": str(folder / "temp"),
        "TEMP": str(folder / "temp"),
        "TMP": str(folder / "temp"),
        # Each thread of these would reserve address space that the limit counts.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "GDAL_CACHEMAX": "64",
    }
    # -P keeps the folder with the foreign file off the module path: a member named json.py is only a file.
    command = [sys.executable, "-P", "-s", "-m", "xingu_geo.places.intake.worker", str(folder)]
    worker = subprocess.Popen(  # noqa: S603  # our own interpreter and module
        command,
        cwd=folder / "temp",
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        code = worker.wait(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise XinguError("import_timeout", file=name, seconds=seconds) from error
    finally:
        _end(worker)
    if code != 0:
        raise XinguError("import_crashed", file=name)


def _end(worker: subprocess.Popen[bytes]) -> None:
    """The worker and whatever it started are gone, also when the caller is interrupted."""
    if worker.poll() is None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
        else:
            worker.kill()
        worker.wait()
