"""A new city from its boundaries and samples: looked at, drafted, checked, shown once."""

from atlas.confidential.founding.files import Answers, Drafted, draft_files
from atlas.confidential.founding.first import publish_first
from atlas.confidential.founding.look import Areas, Look, look_at_areas, look_at_samples
from atlas.confidential.founding.source import known_layout, suggest_source, take_source
from atlas.confidential.founding.whole import Faults, Probe, check_everything, probes_of
from atlas.confidential.founding.writing import draft_city, write_city

__all__ = [
    "Answers",
    "Areas",
    "Drafted",
    "Faults",
    "Look",
    "Probe",
    "check_everything",
    "draft_city",
    "draft_files",
    "known_layout",
    "look_at_areas",
    "look_at_samples",
    "probes_of",
    "publish_first",
    "suggest_source",
    "take_source",
    "write_city",
]
