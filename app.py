"""The planner's door: ``streamlit run app.py``.

Comes in: nothing. Goes out: the pages of :mod:`xingu_geo.doors.ui`. Must not know: how anything is computed.
"""

from xingu_geo.ground.base.gdal import close_doors

close_doors()  # before any page loads GDAL

from xingu_geo.doors.ui.kit.frame import open_door

open_door(
    {
        "siting": "siting.siting_page",
        "ranking": "defence.defence_page",
        "assembly": "joining.joining_page",
        "capacity": "sewer.capacity_page",
        "whatif": "sewer.whatif_page",
        "sources": "sources.sources_page",
        "import": "importing.importing_page",
    }
)
