"""Which checks are the right reason to stop a damage: at least one of them has to be found.

A damage that only an unrelated check stops was stopped by luck: whoever reads the finding looks
in the wrong place.
"""

import re

_MISSING = "persons_gone persons_total rows_cut"
_ADDED = "persons_doubled persons_new persons_total link_rate duplicate_person"
_KEYS = "persons_gone persons_new link_rate"
_OTHERS = "persons_changed codes_turned"
_CODES = "code_shares code_counts code_unknown codes_turned persons_changed"
_PLACES = "areas_mixed areas_jump areas_exchanged area_changed area_zero nesting"
_SIZE = "total_changed total_slipped measure_changed measure_range columns_parted"
_PART = f"{_MISSING} age_shares ages_changed code_shares code_single codes_turned"

# The first pattern that a damage's name fits; names of registers first, then of counts.
_REASONS = (
    ("% of last year's file", "part_stands_still"),
    ("% of the rows of last year", "rows_of_other_date same_as_other_date"),
    ("file of|of last year|of the first year", "same_as_other_date stands_still"),
    ("those who left", "stands_still"),
    ("rows missing$|% of the rows missing", "missing_area"),
    ("Quartiere missing", f"{_MISSING} missing_area area_zero area_changed"),
    ("^cut to|first rows missing|missing in the middle|missing here", _MISSING),
    ("every second row", _MISSING),
    ("adults only|without the|Germans only|foreigners only", _PART),
    ("^without title", f"{_MISSING} {_CODES}"),
    ("rows twice", f"duplicate_area {_ADDED}"),
    ("doubled under|strangers|secondary", _ADDED),
    ("keys without|keys new|of keys new", _KEYS),
    ("^keys shifted|of keys shuffled|rows of key and title", _OTHERS),
    ("^blocks|everybody in one block|every block", f"{_OTHERS} {_PLACES}"),
    ("^births", "persons_changed age_shares ages_changed"),
    ("day and month", "persons_changed age_shares"),
    ("Excel|^ISO", f"{_CODES} measure_range"),
    ("letter before| behind$|written|paragraph|lower case|without letters", "code_unknown"),
    ("title .* became|% of .* empty|other titles", _CODES),
    ("(empty|constant)$", f"code_single {_CODES} {_PLACES} {_SIZE} counts_rounded"),
    ("columns? slipped", _PLACES),
    (r"columns (shifted|sorted|reversed)|rows shuffled|two Quartiere", _PLACES),
    ("Quartiere (zero|times)", f"{_PLACES} area_zero"),
    ("shuffled|shifted|sorted|lost in", _CODES),
    ("titles exchanged|prior title|codes moved on", f"{_CODES} code_single"),
    ("and .* exchanged", f"{_CODES} code_single column_misplaced nesting"),
    (" like ", "column_copied column_misplaced"),
    (" less | together", _SIZE),
    ("times|all zero", f"{_SIZE} area_zero"),
    ("plus", f"constant_added areas_mixed nesting {_SIZE}"),
    ("cumulated|in per cent", f"{_SIZE} {_PLACES}"),
    ("rounded", "counts_rounded"),
    ("withheld", "marks_changed no_number"),
    ("noise", "areas_mixed areas_jump area_changed"),
)


def reasons_of(name: str) -> frozenset[str]:
    """Give the checks that are the right reason to stop a damage."""
    for pattern, checks in _REASONS:
        if re.search(pattern, name):
            return frozenset(checks.split())
    raise LookupError(name)
