"""Saving: kill −9, a full disk, an unreadable result and a half-done set leave the old files intact."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from xingu_geo.ground.base.atomic import Saving, write_atomically, write_set_atomically
from xingu_geo.ground.base.errors import XinguError

SLOW_WRITER = """
import sys, time
from pathlib import Path
from xingu_geo.ground.base.atomic import write_atomically
def write(path):
    with path.open("wb", buffering=0) as stream:
        for _ in range(400):
            stream.write(b"n" * 4096)
            print("writing", flush=True)
            time.sleep(0.002)
while True:
    write_atomically(Path(sys.argv[1]), write)
"""

FULL_DISK_WRITER = """
import resource, sys
from pathlib import Path
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.atomic import write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    write_atomically(Path(sys.argv[1]), lambda path: path.write_bytes(b"n" * 100_000) and None)
except XinguError as error:
    print(error.code)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_saved_file_holds_what_was_written_and_nothing_else_stays_behind(tmp_path: Path) -> None:
    target = tmp_path / "结果.txt"
    write_atomically(target, lambda path: path.write_text("new", encoding="utf-8") and None)
    assert target.read_text(encoding="utf-8") == "new"
    assert names(tmp_path) == ["结果.txt"]


def test_the_writer_sees_the_same_name_in_a_folder_of_its_own_on_the_same_disk(tmp_path: Path) -> None:
    seen: list[Path] = []
    write_atomically(tmp_path / "a.gpkg", lambda path: seen.append(path) or (path.write_bytes(b"x") and None))
    assert seen[0].name == "a.gpkg"
    assert seen[0].parent.parent == tmp_path


@pytest.mark.parametrize("trial", range(6))
def test_kill_9_while_overwriting_leaves_a_complete_file(tmp_path: Path, trial: int) -> None:
    target = tmp_path / "export.bin"
    target.write_bytes(b"old")
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_WRITER, str(target)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    for _ in range(1 + 37 * trial):
        assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGKILL)
    process.stdout.close()
    process.wait()
    # On a busy machine the writer may have come to the end before the signal did.
    assert target.read_bytes() in (b"old", b"n" * 4096 * 400)


def test_a_file_larger_than_the_disk_allows_is_one_sentence_and_the_old_file_stays(tmp_path: Path) -> None:
    target = tmp_path / "export.bin"
    target.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK_WRITER, str(target)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "disk_full"
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["export.bin"]


def test_a_result_that_cannot_be_read_back_is_not_saved(tmp_path: Path) -> None:
    target = tmp_path / "export.kml"
    target.write_bytes(b"old")

    def unreadable(path: Path) -> None:
        raise ValueError(f"truncated {path.stat().st_size}")

    with pytest.raises(XinguError) as caught:
        write_atomically(target, lambda path: path.write_bytes(b"new") and None, read_back=unreadable)
    assert caught.value.code == "save_unreadable"
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["export.kml"]


def test_a_writer_that_writes_nothing_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(XinguError) as caught:
        write_atomically(tmp_path / "a.txt", lambda _: None)
    assert caught.value.code == "save_failed"
    assert names(tmp_path) == []


def test_a_set_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("old")

    def fail(path: Path) -> None:
        raise OSError("no")

    good = Saving(tmp_path / "a", lambda path: path.write_text("new") and None)
    with pytest.raises(XinguError):
        write_set_atomically([good, Saving(tmp_path / "b", fail)])
    assert [(tmp_path / name).read_text() for name in "ab"] == ["old", "old"]
    write_set_atomically([good, Saving(tmp_path / "b", lambda path: path.write_text("new") and None)])
    assert [(tmp_path / name).read_text() for name in "ab"] == ["new", "new"]


def test_a_set_that_fails_while_replacing_is_taken_back(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "c").mkdir()  # a folder cannot be replaced by a file
    savings = [Saving(tmp_path / name, lambda path: path.write_text("new") and None) for name in ("a", "b", "c")]
    with pytest.raises(XinguError) as caught:
        write_set_atomically(savings)
    assert caught.value.code == "save_failed"
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == ["a", "c"]


def test_what_a_killed_process_left_is_swept_after_a_day_not_before(tmp_path: Path) -> None:
    for name, age_s in (("old", 90_000), ("fresh", 60)):
        left = tmp_path / f".xingu-saving-{name}"
        left.mkdir()
        stamp = time.time() - age_s
        os.utime(left, (stamp, stamp))
    write_atomically(tmp_path / "a", lambda path: path.write_text("x") and None)
    assert names(tmp_path) == [".xingu-saving-fresh", "a"]


def test_the_mode_of_the_old_file_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_text("old")
    target.chmod(0o640)
    write_atomically(target, lambda path: path.write_text("new") and None)
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_text("old")
    link = tmp_path / "link"
    link.symlink_to(real)
    write_atomically(link, lambda path: path.write_text("new") and None)
    assert link.is_symlink()
    assert real.read_text() == "new"
