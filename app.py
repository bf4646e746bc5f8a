"""The planner's door: ``streamlit run app.py``.

Comes in: nothing. Goes out: the pages of :mod:`xingu_geo.ui`. Must not know: how anything is computed.
"""
