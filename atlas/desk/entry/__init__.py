"""Where Streamlit starts; a folder of its own, away from ``pages``."""
