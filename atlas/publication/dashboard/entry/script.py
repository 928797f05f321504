"""The script that Streamlit runs for every reader and every choice."""

from atlas.publication.dashboard.main import main

main()
