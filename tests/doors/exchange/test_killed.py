"""kill −9 while every format is being written over and over: each file on disk is whole, old or new."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from xingu_geo.doors.exchange.formats import FORMATS

WRITE_FOR_EVER = """
import sys, warnings
warnings.simplefilter("ignore")
from pathlib import Path
import geopandas as gpd, pandas as pd
from shapely.geometry import box
from xingu_geo.doors.exchange.formats import FORMATS, export_table
def frame(count):
    shapes = [box(540000 + 10 * n, 3353000, 540009 + 10 * n, 3353009) for n in range(count)]
    ids = pd.Index([str(n) for n in range(count)], name="site_id")
    return gpd.GeoDataFrame({"why": ["x" * 80] * count}, geometry=shapes, crs="EPSG:4549", index=ids)
frames = [frame(400), frame(800)]
folder = Path(sys.argv[1])
turn = 0
while True:
    for name, known in FORMATS.items():
        export_table(frames[turn % 2], folder / f"a{known.ending}")
        print(name, flush=True)
    turn += 1
"""


def sizes(name: str, path: Path) -> tuple[int, ...]:
    """The numbers of features a reader may find; the format's own check raises if the file is not whole."""
    whole = []
    for count in (400, 800):
        shapes = [box(540_000 + 10 * n, 3_353_000, 540_009 + 10 * n, 3_353_009) for n in range(count)]
        ids = pd.Index([str(n) for n in range(count)], name="site_id")
        frame = gpd.GeoDataFrame({"why": ["x"] * count}, geometry=shapes, crs="EPSG:4549", index=ids)
        try:
            FORMATS[name].read_back(frame, path)
        except OSError:
            continue
        whole.append(count)
    return tuple(whole)


@pytest.mark.parametrize("trial", range(3))
def test_every_file_is_whole_after_kill_9(tmp_path: Path, trial: int) -> None:
    command = [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(len(FORMATS) + 3 * trial):  # each file once, then killed while another format is at work
        assert process.stdout.readline().strip() in FORMATS
    time.sleep(0.013 * (trial + 1))
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    process.wait()
    for name, known in FORMATS.items():
        assert len(sizes(name, tmp_path / f"a{known.ending}")) == 1, name
