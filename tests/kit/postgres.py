"""A real PostgreSQL server with PostGIS for one test session, on a Unix socket of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BIN = next((path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)


def has_postgis() -> bool:
    """Whether the extension is installed beside the server."""
    return any(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))


@contextmanager
def server() -> Iterator[str]:
    """The address of a fresh database; the server and its files are gone afterwards.

    ``XINGU_GEO_TEST_POSTGIS`` names a server that is there already.
    """
    given = os.environ.get("XINGU_GEO_TEST_POSTGIS")
    if given:
        yield given
        return
    if BIN is None or not has_postgis():
        lacking = "no PostgreSQL with PostGIS here: install it, or name a server in XINGU_GEO_TEST_POSTGIS"
        if os.environ.get("XINGU_GEO_REQUIRE_DATABASE") == "1":
            pytest.fail(lacking)
        pytest.skip(lacking)
    folder = Path(tempfile.mkdtemp(prefix="xg-pg-", dir="/tmp"))  # a socket's path must be short
    as_user: dict[str, object] = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
        as_user = {"user": account.pw_uid, "group": account.pw_gid}
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **as_user)  # type: ignore[call-overload]

    run(str(BIN / "initdb"), "-D", str(data), "-A", "trust", "-U", "planner", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    run(str(BIN / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://planner@/postgres?host={folder}"
    finally:
        run(str(BIN / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
