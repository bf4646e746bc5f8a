"""The planner's door: ``streamlit run app.py``.

Comes in: nothing. Goes out: the pages of :mod:`xingu_geo.ui`. Must not know: how anything is computed.
"""

from xingu_geo.ui.frame import open_door
from xingu_geo.ui.pages import assembly, capacity, importing, ranking, siting, sources, whatif

open_door(
    {
        "siting": siting.page,
        "ranking": ranking.page,
        "assembly": assembly.page,
        "capacity": capacity.page,
        "whatif": whatif.page,
        "sources": sources.page,
        "import": importing.page,
    }
)
