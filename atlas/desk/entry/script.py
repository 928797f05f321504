"""The script that Streamlit runs for everybody at the desk and every choice."""

from atlas.desk.main import main

main()
