"""What leaves the house: GeoJSON, tables, the folium map, sentences, reports.

Comes in: results. Goes out: files and text. Must not know: how a result was computed.
"""
