"""The interface for machines: published cells by OGC API Features and Records, read only.

A server of its own (``python -m atlas.publication.api``). It knows releases and what a role may
see of them; it has no page of the dashboard, and nothing confidential in reach.
"""
