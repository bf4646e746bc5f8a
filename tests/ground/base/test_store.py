"""The store gives back what was written or nothing, whatever happens to its files, and never grows without bound."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from xingu_geo.ground.base import store as module
from xingu_geo.ground.base.packed import pack
from xingu_geo.ground.base.store import Info, Store, cache_dir, code_version, key_of

KEY, OTHER = "ab" * 32, "cd" * 32
HEAD = 72


def _file(folder: Path, key: str = KEY) -> Path:
    return folder / key[:2] / f"{key}.kept"


def _left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and path.suffix != ".kept"]


def test_what_was_written_is_read_in_this_and_another_store(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    store = Store(folder)
    assert store.read(KEY) is None
    store.write(KEY, b"content")
    store.write(OTHER, b"")
    assert store.read(KEY) == Store(folder).read(KEY) == b"content"
    assert store.read(OTHER) == b""
    store.write(KEY, b"newer")
    assert store.read(KEY) == b"newer"
    assert _left_over(folder) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")
def test_only_the_user_may_look(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    Store(folder).write(KEY, b"content")
    modes = [path.stat().st_mode & 0o777 for path in (folder, folder / KEY[:2], _file(folder))]
    assert modes == [0o700, 0o700, 0o600]


def test_an_entry_altered_at_any_byte_is_not_there_and_is_removed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(KEY, b"content")
    whole = _file(tmp_path).read_bytes()
    assert len(whole) == HEAD + 7
    for at in range(len(whole)):
        for flip in (0x01, 0x80, 0xFF):
            broken = bytearray(whole)
            broken[at] ^= flip
            _file(tmp_path).write_bytes(broken)
            assert store.read(KEY) is None
            assert not _file(tmp_path).exists()


def test_an_entry_cut_or_lengthened_is_not_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(KEY, b"content")
    whole = _file(tmp_path).read_bytes()
    for broken in [*(whole[:length] for length in range(len(whole))), whole + b"\0", b"a stranger's file"]:
        _file(tmp_path).write_bytes(broken)
        assert store.read(KEY) is None
        assert not _file(tmp_path).exists()


def test_the_file_of_another_key_is_not_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(KEY, b"content")
    store.write(OTHER, b"something else")
    _file(tmp_path, OTHER).replace(_file(tmp_path))
    assert store.read(KEY) is None
    assert store.info().entries == 0


def test_a_key_is_a_digest_and_no_path(tmp_path: Path) -> None:
    for key in ("", "../" * 21 + "a", KEY.upper(), KEY + "0", KEY + "\n"):
        with pytest.raises(ValueError, match="64 hexadecimal"):
            Store(tmp_path).read(key)
        with pytest.raises(ValueError, match="64 hexadecimal"):
            Store(None).write(key, b"")


def test_a_full_disk_is_no_failure_and_leaves_the_old_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.write(KEY, b"old")

    def half(path: Path, *parts: bytes) -> None:
        path.write_bytes(parts[0])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "_write_new", half)
    store.write(KEY, b"new")
    store.write(OTHER, b"new")
    assert store.once(OTHER, lambda: 7) == 7
    assert store.read(KEY) == b"old"
    assert store.read(OTHER) is None
    assert _left_over(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="there is no such limit on Windows")
def test_a_disk_that_takes_only_a_part_is_no_failure(tmp_path: Path) -> None:
    """The kernel refuses the second half of the file; in a process of its own, for the limit is for all its files."""
    program = (
        "import resource, signal, sys; from pathlib import Path; from xingu_geo.ground.base.store import Store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        f"store = Store(Path(sys.argv[1])); store.write({KEY!r}, bytes(9000)); store.write({OTHER!r}, bytes(900))\n"
        f"assert store.read({KEY!r}) is None; assert store.read({OTHER!r}) == bytes(900)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=60)
    assert _left_over(tmp_path) == []


@pytest.mark.parametrize("name", ["open", "mkdir", "replace"])
def test_a_folder_that_may_not_be_written_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")  # also what Windows says of a file that is being read

    monkeypatch.setattr(os if name == "open" else Path, name, refuse)
    store = Store(tmp_path / "kept")
    store.write(KEY, b"content")
    assert store.once(KEY, lambda: "made") == "made"
    monkeypatch.undo()
    assert store.read(KEY) is None
    assert _left_over(tmp_path) == []


def test_a_file_that_may_not_be_read_is_not_there_but_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.write(KEY, b"content")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert store.read(KEY) is None
    monkeypatch.undo()
    assert store.read(KEY) == b"content"


@pytest.mark.parametrize("where", ["", "below"])
def test_a_file_in_place_of_the_folder_is_no_failure(tmp_path: Path, where: str) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    store = Store(file / where)
    store.write(KEY, b"content")
    assert store.read(KEY) is None
    assert store.once(KEY, lambda: "made") == "made"
    assert store.info().entries == store.clear().entries == 0
    assert file.read_text(encoding="utf-8") == "mine"


def test_folders_in_place_of_the_files_are_no_failure(tmp_path: Path) -> None:
    store = Store(tmp_path)
    _file(tmp_path).mkdir(parents=True)
    (tmp_path / OTHER[:2]).write_text("mine", encoding="utf-8")
    for key in (KEY, OTHER):
        store.write(key, b"content")
        assert store.read(key) is None
    assert store.info().entries == 0


def test_the_bound_holds_and_the_least_used_go_first(tmp_path: Path) -> None:
    store = Store(tmp_path, bytes_max=10 * (HEAD + 28))
    keys = [f"{number:064x}" for number in range(11)]
    for number, key in enumerate(keys[:10]):
        store.write(key, bytes(28))
        os.utime(_file(tmp_path, key), (1e9 + number, 1e9 + number))
    assert store.info().entries == 10
    assert store.read(keys[0]) == bytes(28)  # its time is renewed: it is now the last to go
    store.write(keys[10], bytes(28))
    assert [store.read(key) is not None for key in keys] == [True, False, False, *[True] * 8]
    assert store.info() == Info(tmp_path, 9, 900, 1000)


def test_the_bound_holds_also_for_what_others_write(tmp_path: Path) -> None:
    size, bytes_max = HEAD + 28, 20_000
    stores = [Store(tmp_path, bytes_max) for _ in range(8)]
    for number in range(1_200):
        stores[number % 8].write(f"{number:064x}", bytes(28))
    assert 0.8 * bytes_max < stores[0].info().bytes <= bytes_max + 8 * (bytes_max / 20 + size)


def test_an_entry_of_nearly_the_bound_stays_and_a_larger_one_is_not_kept(tmp_path: Path) -> None:
    store = Store(tmp_path, bytes_max=1000)
    store.write(KEY, bytes(500))
    store.write(OTHER, bytes(1000 - HEAD))
    assert store.read(OTHER) == bytes(1000 - HEAD)
    assert store.read(KEY) is None
    store.write(KEY, bytes(1001 - HEAD))
    assert store.read(KEY) is None
    assert store.read(OTHER) is not None


def test_an_entry_beyond_a_lowered_bound_is_not_read(tmp_path: Path) -> None:
    Store(tmp_path).write(KEY, bytes(5000))
    assert Store(tmp_path, bytes_max=1000).read(KEY) is None


def test_a_read_renews_the_time_only_now_and_then(tmp_path: Path) -> None:
    store, file = Store(tmp_path), _file(tmp_path)
    store.write(KEY, b"content")
    for age, is_renewed in ((module.TOUCH_SECONDS - 60, False), (module.TOUCH_SECONDS + 60, True)):
        before = time.time() - age
        os.utime(file, (before, before))
        store.read(KEY)
        assert (file.stat().st_mtime > before + 1) == is_renewed


def test_the_folder_is_not_looked_through_at_each_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, looked = Store(tmp_path), []
    files = Store._files
    monkeypatch.setattr(Store, "_files", lambda self: looked.append(1) or files(self))
    for number in range(100):
        store.write(f"{number:064x}", b"content")
    assert len(looked) == 1


def test_what_a_killed_process_left_is_removed_after_an_hour(tmp_path: Path) -> None:
    room = tmp_path / KEY[:2]
    room.mkdir()
    for name, age in (("old", module.STALE_SECONDS + 60), ("new", 60)):
        left = room / f".making-1-{name}"
        left.write_bytes(b"half")
        os.utime(left, (time.time() - age, time.time() - age))
    Store(tmp_path).write(KEY, b"content")
    assert _left_over(tmp_path) == [".making-1-new"]


def test_clear_removes_ours_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(KEY, b"content")
    store.write(OTHER, b"")
    places = ["letter.txt", f"{KEY[:2]}/letter.kept", f"letters/{KEY}.kept", f"{KEY[:2]}/{OTHER}.kept"]
    strangers = [tmp_path / place for place in places]
    for stranger in strangers:
        stranger.parent.mkdir(exist_ok=True)
        stranger.write_text("mine", encoding="utf-8")
    (tmp_path / OTHER[:2] / ".making-1-1").write_bytes(b"half")
    assert store.info() == store.clear() == Info(tmp_path, 2, 2 * HEAD + 7, module.BYTES_MAX)
    assert store.info() == Info(tmp_path, 0, 0, module.BYTES_MAX)
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(strangers)
    assert not (tmp_path / OTHER[:2]).exists()
    store.write(KEY, b"content")
    assert store.read(KEY) == b"content"


def test_a_store_that_is_off_keeps_nothing() -> None:
    store = Store(None)
    store.write(KEY, b"content")
    assert store.read(KEY) is None
    assert store.once(KEY, object) is not store.once(KEY, object)
    assert store.info() == store.clear() == Info(None, 0, 0, module.BYTES_MAX)


def test_a_value_is_made_once_for_all_processes(tmp_path: Path) -> None:
    made = []

    def make() -> pd.Series:
        made.append(1)
        return pd.Series([0.1, None], index=["a", "b"], name="share")

    for _ in range(3):
        pd.testing.assert_series_equal(Store(tmp_path).once(KEY, make), make())
    assert len(made) == 1 + 3


def test_a_whole_entry_that_is_no_value_is_made_again(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write(KEY, b"written by something else")
    assert store.once(KEY, lambda: [1]) == [1]
    assert store.read(KEY) == pack([1])


def test_what_refuses_to_be_made_or_packed_is_not_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(ZeroDivisionError):
        store.once(KEY, lambda: 1 // 0)
    with pytest.raises(TypeError, match="cannot pack"):
        store.once(KEY, object)
    assert store.info().entries == 0


HAMMER = """
import hashlib, random, sys, time
from pathlib import Path
from xingu_geo.ground.base.store import Store

folder, seed, bytes_max = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
draw, store, until = random.Random(seed), Store(folder, bytes_max), time.monotonic() + 2
keys = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(200)]
reads = writes = 0
while time.monotonic() < until:
    key = draw.choice(keys)
    right = (key * 40)[: 300 + int(key[:3], 16) % 2000].encode()
    found = store.read(key)
    assert found is None or found == right, key
    if found is None:
        store.write(key, right)
        writes += 1
    else:
        reads += 1
    if seed == 0 and draw.random() < 0.05:  # one of the processes breaks files
        file = folder / key[:2] / (key + ".kept")
        try:
            with file.open("r+b") as stream:
                stream.truncate(draw.randrange(400)) if draw.random() < 0.5 else stream.write(b"broken")
        except OSError:
            pass
print(reads, writes)
"""


def test_eight_processes_read_right_or_nothing_and_stay_within_the_bound(tmp_path: Path) -> None:
    bytes_max = 60_000
    command = [sys.executable, "-c", HAMMER, str(tmp_path)]
    jobs = [
        subprocess.Popen([*command, str(seed), str(bytes_max)], stdout=subprocess.PIPE, text=True) for seed in range(8)
    ]
    largest = 0
    while any(job.poll() is None for job in jobs):
        largest = max(largest, Store(tmp_path, bytes_max).info().bytes)
        time.sleep(0.02)
    counts = [[int(count) for count in job.communicate()[0].split()] for job in jobs]
    assert [job.returncode for job in jobs] == [0] * 8
    assert all(reads > 0 and writes > 0 for reads, writes in counts)
    entry_max = HEAD + 2300
    assert bytes_max / 2 < largest <= bytes_max + 8 * (bytes_max / 20 + entry_max)
    assert Store(tmp_path, bytes_max).info().bytes <= bytes_max + 8 * (bytes_max / 20 + entry_max)
    assert _left_over(tmp_path) == []


PARTS = ["measured", 1, 1.5, True, None, {"a": [1, 2], "b": {"c": None}}]


def test_a_key_tells_every_part_apart() -> None:
    keys = {key_of(*PARTS)}
    for at in range(len(PARTS)):
        for other in ["Measured", 2, 1.0, False, {}, [], {"a": [2, 1]}, "1", "None", float("nan"), PARTS]:
            keys.add(key_of(*PARTS[:at], other, *PARTS[at + 1 :]))
    assert len(keys) == 1 + 11 * len(PARTS)
    assert key_of() != key_of([]) != key_of(None)
    assert key_of("a", "b") != key_of("ab") != key_of(["a", "b"])


def test_a_key_is_the_same_for_equal_parts() -> None:
    assert key_of({"a": 1, "b": (1, 2)}) == key_of({"b": [1, 2], "a": 1})
    assert len(key_of("a")) == 64


@pytest.mark.parametrize(
    "part", [b"a", {1: 2}, {"a": {1}}, [object()], pd.Series([1]), Path("a")], ids=lambda part: type(part).__name__
)
def test_a_key_is_not_made_of_what_its_text_might_not_tell_apart(part: object) -> None:
    with pytest.raises(TypeError, match="key"):
        key_of("measured", part)


def test_a_key_changes_with_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of("a")
    monkeypatch.setattr(module, "code_version", lambda: "another")
    assert key_of("a") != before


def test_the_version_of_the_program_changes_with_each_file_and_each_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.xingu_geo, "__path__", [str(tmp_path)])
    monkeypatch.setattr(module, "_library", lambda name: [name, "1"])
    fresh = code_version.__wrapped__
    for name, text in (("a.py", "1"), ("room/b.py", "2"), ("text.toml", "3"), ("shipped/data.toml", "4")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    seen = [fresh(), fresh()]
    (tmp_path / "shipped/data.toml").write_text("5", encoding="utf-8")
    seen.append(fresh())
    assert len(set(seen)) == 1
    (tmp_path / "room/b.py").write_text("3", encoding="utf-8")
    seen.append(fresh())
    (tmp_path / "text.toml").write_text("4", encoding="utf-8")
    seen.append(fresh())
    (tmp_path / "a.py").rename(tmp_path / "c.py")
    seen.append(fresh())
    monkeypatch.setattr(module, "_library", lambda name: [name, "2" if name == "shapely" else "1"])
    seen.append(fresh())
    assert len(set(seen)) == 5


def test_the_libraries_are_known_without_being_loaded() -> None:
    assert all(len(module._library(name)) == 3 for name in module._LIBRARIES)
    assert module._library("no-such-library") == ["no-such-library"]
    program = (
        "import sys; from xingu_geo.ground.base.store import Store, code_version; code_version(); "
        "print([name for name in ('numpy', 'pandas', 'shapely', 'pyproj', 'rasterio') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60)
    assert run.stdout.strip() == "[]"


def test_a_text_that_is_no_unicode_has_a_key_of_its_own() -> None:
    one, other = (os.fsdecode(name.encode("gbk")) for name in ("说明", "图例"))
    assert key_of(one) == key_of(one) != key_of(other)


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {}, "/home/li/.cache/xingu_geo"),
        ("linux", {"XDG_CACHE_HOME": "/var/li"}, "/var/li/xingu_geo"),
        ("linux", {"XDG_CACHE_HOME": ""}, "/home/li/.cache/xingu_geo"),
        ("darwin", {"XDG_CACHE_HOME": "/var/li"}, "/home/li/Library/Caches/xingu_geo"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/xingu_geo/Cache"),
        ("win32", {}, "/home/li/AppData/Local/xingu_geo/Cache"),
        ("linux", {"XINGU_GEO_CACHE": "/elsewhere"}, "/elsewhere"),
        ("win32", {"XINGU_GEO_CACHE": ""}, None),
        ("darwin", {"XINGU_GEO_CACHE": " OFF"}, None),
    ],
)
def test_the_folder_is_the_platforms_own(
    monkeypatch: pytest.MonkeyPatch, system: str, variables: dict[str, str], expected: str | None
) -> None:
    for name in ("XINGU_GEO_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/li"))
    monkeypatch.setattr(sys, "platform", system)
    assert cache_dir() == (None if expected is None else Path(expected))


def test_who_has_no_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("XINGU_GEO_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    assert cache_dir() is None
