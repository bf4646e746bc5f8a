"""Atomic saving under the name the exporters know; the work is done on the ground floor, where intake saves too.

Comes in: a path and a writer. Goes out: a complete file, or the old one. Must not know: any format.
"""

from xingu_geo.base.atomic import Saving, Step, write_atomically, write_set_atomically

__all__ = ["Saving", "Step", "write_atomically", "write_set_atomically"]
