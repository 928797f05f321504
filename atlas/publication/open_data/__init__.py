"""What leaves as open data: a release as a complete set of files with metadata.

Knows the words of portals (Frictionless, CSVW, DCAT-AP.de, NGSI-LD); no number of its own.
"""

from atlas.publication.open_data.public_set import folder_name, public_set

__all__ = ["folder_name", "public_set"]
