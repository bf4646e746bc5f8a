"""The intake worker as a fork of the test process: the same code and limits without loading every library again."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake import examine as _loaded
from xingu_geo.places.intake import worker

assert _loaded  # the point of the fork: the heavy libraries are loaded before it


def run(folder: Path, *, seconds: int, name: str) -> None:
    """What :func:`xingu_geo.places.intake.pen._run` does, by forking; a child out of time is killed."""
    child = os.fork()
    if child == 0:
        code = 1
        with contextlib.suppress(BaseException):
            os.chdir(folder / "temp")
            os.environ["TMPDIR"] = str(folder / "temp")
            code = worker.main([str(folder)])
        os._exit(code)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            if status:
                raise XinguError("import_crashed", file=name)
            return
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    raise XinguError("import_timeout", file=name, seconds=seconds)
