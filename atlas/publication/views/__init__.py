"""Opened releases to tables, figures and German texts, for pages and files alike.

Knows neither Streamlit nor colours. What it computes is display alone: ranks, classes,
rounding; and it reads shown cells only, so nothing it returns can give a hidden one away.
"""
