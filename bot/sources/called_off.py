"""Whether the title of an event says that it does not take place."""

import re

_WORDS = r"entfällt|abgesagt|fällt(?:\s+leider)?\s+aus|ausgefallen|cancell?ed"
_BEFORE = r"(?:^|[(\[{|:*+!/–—]|\s-+|,\s)\s*(?:(?:leider|heute|wurde|wird|ist)\s+)*"
_AFTER = r"(?=\s*(?:$|[)\]}|:*+!/–—.,]|-+(?:\s|$)))"
# Set apart from the rest: `Abgesagt: Lesung`, `Lesung (entfällt)`, `Lesung – ABGESAGT – im Park`. In `Die
# Pflicht entfällt künftig` the word is a part of the sentence.
_SET_APART = re.compile(rf"{_BEFORE}(?:{_WORDS}){_AFTER}", re.IGNORECASE)
# Capitals set a word apart as well, as long as the others are not in capitals too.
_IN_CAPITALS = re.compile(
    r"^\W*(?:ENTFÄLLT|ABGESAGT|FÄLLT AUS|CANCELL?ED)\b|\b(?:ENTFÄLLT|ABGESAGT|FÄLLT AUS|CANCELL?ED)\W*$"
)


def is_called_off(title: str) -> bool:
    """Whether the title of an event says that it does not take place."""
    if _SET_APART.search(title):
        return True
    rest, found = _IN_CAPITALS.subn("", title)
    return found > 0 and rest != rest.upper()
