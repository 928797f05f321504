"""Streamlit pages, map element and server of the atlas; no arithmetic of its own."""
