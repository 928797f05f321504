"""Zone 1, the statistics office: raw counts live here and nowhere else."""
