"""The social-space atlas: from register deliveries to a protected, published city atlas."""

import os

# The matrices of the atlas are small: threads of BLAS wait for each other longer than it takes.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
