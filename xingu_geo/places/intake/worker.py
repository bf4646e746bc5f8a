"""The worker: a process of its own, with little memory and little time, that examines one file and ends.

Comes in: a job folder with ``job.json`` and the file. Goes out: ``result.json`` and layer files in the same folder.
Must not know: where the layers go, or any folder but the trusted layers' and its own.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import Any

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.gdal import close_doors, require_closed
from xingu_geo.places.intake.intake_findings import refusal_to_wire
from xingu_geo.places.intake.sniff import sniff


def main(arguments: list[str]) -> int:
    """Do the job in the folder named on the command line; every outcome is a ``result.json``."""
    close_doors()
    folder = Path(arguments[0])
    job: dict[str, Any] = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    limit_self(job["memory_bytes"], job["seconds"], job["file_bytes"])
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    try:
        result = _examined(folder, job)
    except XinguError as error:
        result = {"refusal": refusal_to_wire(error)}
    except MemoryError:
        result = {"refusal": {"code": "import_memory", "facts": {"limit_mb": job["memory_bytes"] // 1_000_000}}}
    except RecursionError:
        result = {"refusal": {"code": "import_nested", "facts": {}}}
    except Exception as error:  # noqa: BLE001  # the last wall: a foreign file never makes a traceback
        if "alloc" in str(error).lower() or "memory" in str(error).lower():
            result = {"refusal": {"code": "import_memory", "facts": {"limit_mb": job["memory_bytes"] // 1_000_000}}}
        else:
            result = {
                "refusal": {
                    "code": "import_failed",
                    "facts": {"detail": type(error).__name__},
                }
            }
    (folder / "result.tmp").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    (folder / "result.tmp").replace(folder / "result.json")
    return 0


def limit_self(memory_bytes: int, seconds: int, file_bytes: int) -> None:
    """Take limits this process cannot lift again; Windows has none, there only the keeper's clock counts."""
    if os.name == "nt":
        return
    import resource  # noqa: PLC0415  # there is no such module on Windows

    for kind, limit in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, seconds + 5),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (wanted, wanted))


def _examined(folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    file = folder / "input" / job["file"]
    kind = sniff(file)  # before anything heavy is loaded: most bad files end here, in a tenth of a second
    import pyogrio  # noqa: PLC0415  # only after the limits are taken

    from xingu_geo.places.intake.examine import examine  # noqa: PLC0415
    from xingu_geo.places.intake.layer_found import found_to_wire  # noqa: PLC0415
    from xingu_geo.places.intake.raw import options_from_wire  # noqa: PLC0415

    require_closed(pyogrio.list_drivers())
    options = options_from_wire(job["options"])
    found = examine(file, kind, role=job["role"], options=options, workshop=folder / "work", memory=job["memory"])
    return found_to_wire(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
