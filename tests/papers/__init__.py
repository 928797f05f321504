"""Papers read back from their PDF: what is said, in which order, and whether it is true."""
