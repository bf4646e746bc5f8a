"""kill −9 and a full disk while a received layer is kept: the role is filled by a whole layer, old or new."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kit import intake as kit
from kit.opening import intake, open_catalogue

ROOT = Path(__file__).parents[3]

# What the worker found is kept over and over, two layers taking turns; only the saving is at stake here.
KEEP_FOR_EVER = """
import sys, shutil
from pathlib import Path
from xingu_geo.places.intake.pen import examined
from xingu_geo.places.intake.raw import Options
from xingu_geo.places.intake.receive import _keep
from xingu_geo.study.run.stages import open_tables
tables = open_tables(Path("data"))
into = Path(sys.argv[1])
found = []
for name in sys.argv[2:]:
    file = Path(name)
    options = Options("EPSG:4549", tables.fields, tables.norms)
    with examined(file, role="parcels", options=options, memory={}) as (result, folder):
        kept = file.parent / f"kept-{file.stem}"
        shutil.copytree(folder, kept)
        found.append((result.layers, kept, file))
print("ready", flush=True)
while True:
    for layers, folder, file in found:
        _keep(layers, folder, file, into)
        print("kept", flush=True)
"""

FULL_DISK = """
import resource, sys
from pathlib import Path
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.places.intake import receive
from xingu_geo.places.intake.raw import Options
from xingu_geo.study.run.stages import open_tables
tables = open_tables(Path("data"))
real = receive._keep
def keep(*arguments):
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    return real(*arguments)
receive._keep = keep
try:
    options = Options("EPSG:4549", tables.fields, tables.norms)
    receive.intake(Path(sys.argv[1]), role="parcels", into=Path(sys.argv[2]), options=options)
except XinguError as error:
    print(error.code)
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Two files for the same role."""
    texts = (("地块编号", "用地性质", "权利人"), ("新-01", "M1", "甲"), ("新-02", "M2", "乙"))
    return kit.write(tmp_path, "a.zip", kit.shapefile()), kit.write(tmp_path, "b.zip", kit.shapefile(texts=texts))


@pytest.mark.parametrize("trial", range(3))
def test_kill_9_while_keeping_leaves_a_whole_layer(files: tuple[Path, Path], tmp_path: Path, trial: int) -> None:
    into = tmp_path / "into"
    into.mkdir()
    command = [sys.executable, "-c", KEEP_FOR_EVER, str(into), *map(str, files)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(2 + 3 * trial):
        assert process.stdout.readline()
    time.sleep(0.004 * (trial + 1))
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    process.wait()
    ids = open_catalogue(into).vector("parcels").table.index.tolist()
    assert ids in (["钱塘-01", "钱塘-02"], ["新-01", "新-02"])


def test_a_full_disk_leaves_the_old_layer_in_its_role(files: tuple[Path, Path], tmp_path: Path) -> None:
    into = tmp_path / "into"
    intake(files[0], role="parcels", into=into)
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(files[1]), str(into)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "disk_full"
    assert open_catalogue(into).vector("parcels").table.index.tolist() == ["钱塘-01", "钱塘-02"]
