"""The planner's door: ``streamlit run app.py``.

Comes in: nothing. Goes out: the pages of :mod:`xingu_geo.doors.ui`. Must not know: how anything is computed.
"""

from xingu_geo.doors.ui.defence import defence_page
from xingu_geo.doors.ui.importing import importing_page
from xingu_geo.doors.ui.joining import joining_page
from xingu_geo.doors.ui.kit.frame import open_door
from xingu_geo.doors.ui.sewer import capacity_page, whatif_page
from xingu_geo.doors.ui.siting import siting_page
from xingu_geo.doors.ui.sources import sources_page

open_door(
    {
        "siting": siting_page.page,
        "ranking": defence_page.page,
        "assembly": joining_page.page,
        "capacity": capacity_page.page,
        "whatif": whatif_page.page,
        "sources": sources_page.page,
        "import": importing_page.page,
    }
)
