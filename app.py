"""The planner's door: ``streamlit run app.py``.

Comes in: nothing. Goes out: the pages of :mod:`xingu_geo.ui`. Must not know: how anything is computed.
"""

from xingu_geo.ui.frame import open_door
from xingu_geo.ui.pages import capacity, importing, siting, sources

open_door({"siting": siting.page, "capacity": capacity.page, "sources": sources.page, "import": importing.page})
