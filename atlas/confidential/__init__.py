"""Zone 1, the statistics desk: raw counts live here and nowhere else."""
