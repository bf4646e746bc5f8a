"""``python -m xingu_geo``: the command-line door.

Comes in: the command line. Goes out: the exit code of ``main``. Must not know: anything else.
"""

from xingu_geo.doors.cli.main import main

if __name__ == "__main__":
    main()
