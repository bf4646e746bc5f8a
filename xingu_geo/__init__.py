"""xingu_geo: where an industrial project can go, and whether the environment carries it.

Comes in: nothing. Goes out: the version; GDAL kept to an allow-list of drivers before any library loads it.
Must not know: any room but the ground floor; importing the package must stay cheap.
"""

from xingu_geo.ground.base.gdal import close_doors

__version__ = "0.1.0"

close_doors()
