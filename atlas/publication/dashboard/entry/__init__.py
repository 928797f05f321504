"""Where Streamlit starts; a folder of its own.

Beside a folder ``pages`` Streamlit would take that for its own and, until the first visitor
came, answer an address like ``/quartier`` with "page not found".
"""
