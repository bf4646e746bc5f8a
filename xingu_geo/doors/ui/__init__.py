"""The Streamlit app: pages over the same study the command line runs.

Comes in: clicks. Goes out: pages. Must not know: any computation.
"""
