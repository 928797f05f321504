"""Zone 2: everything that left the statistics office. Never imports ``atlas.confidential``."""
