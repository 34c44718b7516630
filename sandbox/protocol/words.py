"""What Slack's client and its bot say to a person, in German or else in English."""

SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("Bitte fülle dieses Pflichtfeld aus.", "Please complete this required field."),
    "too_short": ("Bitte gib mindestens {n} Zeichen ein.", "Please enter at least {n} characters."),
    "too_long": ("Bitte gib höchstens {n} Zeichen ein.", "Please enter at most {n} characters."),
    "no_number": ("Bitte gib eine Zahl ein.", "Please enter a number."),
    "no_whole_number": ("Bitte gib eine ganze Zahl ein.", "Please enter a whole number."),
    "too_low": ("Bitte gib eine Zahl ab {n} ein.", "Please enter a number of at least {n}."),
    "too_high": ("Bitte gib eine Zahl bis {n} ein.", "Please enter a number of at most {n}."),
    "no_email": ("Bitte gib eine gültige E-Mail-Adresse ein.", "Please enter a valid email address."),
    "no_url": ("Bitte gib eine gültige URL ein.", "Please enter a valid URL."),
    "no_date": ("Bitte gib ein gültiges Datum ein.", "Please enter a valid date."),
    "no_time": ("Bitte gib eine gültige Uhrzeit ein.", "Please enter a valid time."),
    "too_many_options": ("Bitte wähle höchstens {n} aus.", "Please choose at most {n}."),
    "too_many_files": ("Bitte lade höchstens {n} Dateien hoch.", "Please upload at most {n} files."),
    "wrong_files": (
        "Bitte lade nur Dateien dieser Art hoch: {kinds}.",
        "Please upload only files of this kind: {kinds}.",
    ),
    "no_command": (
        "{name} ist kein Befehl in diesem Workspace.",
        "{name} is not a command in this workspace.",
    ),
    "no_shortcut": ("Den Shortcut {name} gibt es nicht.", "There is no shortcut {name}."),
    "no_answer": ("{name} hat nicht reagiert.", "{name} did not respond."),
    "not_connected": (
        "{name} hat nicht reagiert: Die App ist gerade nicht verbunden.",
        "{name} did not respond: the app is not connected right now.",
    ),
    "misanswered": ("{name} hat falsch geantwortet ({reason}).", "{name} gave a wrong answer ({reason})."),
}


def sentence(locale: str, key: str, **facts: object) -> str:
    """Return a sentence in the language of a locale such as `de-DE`."""
    german, english = SENTENCES[key]
    return (german if locale.startswith("de") else english).format(**facts)
