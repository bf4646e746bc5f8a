"""The doors GDAL may open: an allow-list of drivers and no network, set before GDAL is loaded.

Comes in: the process environment. Goes out: the same with GDAL's options set. Must not know: any file or format's use.
GDAL picks a driver by content, so a file named ``.geojson`` may be a virtual format that reads other files of this
machine or the network. What is not needed is never registered. GDAL reads these options once, when pyogrio or rasterio
registers its drivers; every door of the product therefore closes these first, and a reader refuses where none did.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Final

from xingu_geo.ground.base.errors import XinguError

ALLOWED: Final = frozenset(
    {"COG", "DXF", "ESRI Shapefile", "GPKG", "GTiff", "GeoJSON", "LIBKML", "MEM", "Memory", "OSM"}
)

# Every driver of current GDAL builds. GDAL offers only a skip list, so an allow-list is everything else by name;
# a test compares this with what is registered, and an import refuses to run if a stranger appears.
_KNOWN: Final = """
AAIGrid ACE2 ADBC ADRG AIG AIVector AVCBin AVCE00 AVIF AirSAR AmigoCloud ArcObjects Arrow BAG BASISU BIGGIF BLX BMP
BNA BSB BT BYN CAD CALS CEOS COASP COG COSAR CPG CSV CSW CTG CTable2 Carto Cloudant CouchDB DAAS DB2ODBC DDS DERIVED
DGN DGNV8 DIMAP DIPEx DODS DOQ1 DOQ2 DTED DWG DXF ECRGTOC ECW EDIGEO EEDA EEDAI EHdr EIR ELAS ENVI ERS ESAT ESRIC
ESRIJSON EXR Elasticsearch FAST FIT FITS FileGDB FlatGeobuf GDALG GEORASTER GFF GFT GIF GML GMLAS GMLJP2 GNMDatabase
GNMFile GPKG GPSBabel GPSTrackMaker GPX GRASSASCIIGrid GRIB GS7BG GSAG GSBG GSC GTFS GTI GTX GTiff GXF GenBin GeoJSON
GeoJSONSeq GeoRSS Geoconcept HANA HDF4 HDF4Image HDF5 HDF5Image HEIF HF2 HFA HTF HTTP IDB IDRISI ILWIS IRIS ISCE ISG
ISIS2 ISIS3 Idrisi JAXAPALSAR JDEM JML JP2ECW JP2KAK JP2Lura JP2MrSID JP2OpenJPEG JPEG JPEGLS JPEGXL JPIPKAK JSONFG
KEA KML KMLSUPEROVERLAY KRO KTX2 L1B LAN LCP LIBERTIFF LIBKML LOSLAS LVBAG Leveller MAP MBTiles MEM MFF MFF2 MG4Lidar
MSSQLSpatial MRF MSG MSGN MVT MapML Memory MiraMonRaster MiraMonVector MongoDBv3 MrSID MySQL NAS NDF NGSGEOID NGW NITF
NOAA_B NSIDCbin NTv2 NWT_GRC NWT_GRD OAPIF OCI ODBC ODS OGCAPI OGDI OGR_GMT OGR_OGDI OGR_PDS OGR_SDE OGR_VRT OSM OZI
OpenAir OpenFileGDB PAux PCIDSK PCRaster PDF PDS PDS4 PGDUMP PGeo PLMOSAIC PLSCENES PMTiles PNG PNM PRF Parquet
PostGISRaster PostgreSQL R RCM RDA RDB REC RIK RMF ROI_PAC RPFTOC RRASTER RS2 RST Rasterlite S102 S104 S111 S57 SAFE
SAGA SAR_CEOS SDTS SEGUKOOA SEGY SENTINEL2 SGI SIGDEM SNAP_TIFF SNODAS SOSI SQLite SRP SRTMHGT STACIT STACTA SUA SVG
SXF Selafin TGA TIL TSX Terragen TileDB TopoJSON USGSDEM VDV VFK VICAR VRT WAsP WCS WEBP WFS WMS WMTS Walk XLS XLSX
XODR XPM XPlane XYZ Xplane ZMap Zarr netCDF
"""
_KNOWN_WITH_SPACES: Final = (
    "ESRI Shapefile",
    "GPKG Raster Tiles",
    "Interlis 1",
    "Interlis 2",
    "MapInfo File",
    "Microsoft Access",
    "UK .NTF",
)

_CLOSED: Final = {
    "GDAL_HTTP_PROXY": "127.0.0.1:9",  # the discard port: whatever still tries the network fails at once
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "2",
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "GDAL_DRIVER_PATH": "disable",
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
    "PROJ_NETWORK": "OFF",
    # GDAL warns of each skipped name its build does not have; its errors reach us as exceptions all the same.
    "CPL_LOG": os.devnull,
}


def skipped_drivers() -> tuple[str, ...]:
    """Every known driver that is not allowed, sorted."""
    return tuple(sorted({*_KNOWN.split(), *_KNOWN_WITH_SPACES} - ALLOWED))


def closed_doors() -> dict[str, str]:
    """The environment that keeps GDAL to the allow-list and off the network; for this process or a child."""
    names = ",".join(skipped_drivers())
    return {"OGR_SKIP": names, "GDAL_SKIP": names, **_CLOSED}


def close_doors() -> None:
    """Set :func:`closed_doors` in this process; without effect on drivers that GDAL has registered before."""
    for name, value in closed_doors().items():
        if os.environ.get(name) != value:  # the app comes here on each rerun, while other threads may read
            os.environ[name] = value


def require_closed(registered: Iterable[str]) -> None:
    """Refuse to go on when GDAL has ``registered`` a driver outside the allow-list.

    Raises
    ------
    XinguError
        ``gdal_open``: GDAL was loaded before :func:`close_doors`, or a build knows a new driver.
    """
    strangers = sorted(set(registered) - ALLOWED)
    if strangers:
        raise XinguError("gdal_open", drivers=", ".join(strangers[:5]), count=len(strangers))
