"""How much of what a source says is kept."""

MAX_ENTRIES = 500
MAX_TITLE = 300
MAX_TEASER = 500
MAX_DESCRIPTION = 1000
MAX_PLACE = 200
MAX_NAME = 100
MAX_TAGS = 20
# Far from today a date is a slip: 1970 is what programs write that know of none.
EARLIEST, LATEST = 1990, 2200
# Of events: what happens from yesterday on, for 400 days.
DAYS_BACK, DAYS_AHEAD = 1, 400
MAX_OCCURRENCES = 500
