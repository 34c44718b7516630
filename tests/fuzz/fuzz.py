"""`python -m tests.fuzz.fuzz TARGET SECONDS FOLDER`: one target, led by the branches that its input takes.

What does harm is written to the folder; atheris ends with an error then, and prints it.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["bot.sources", "feedparser", "icalendar", "recurring_ical_events"]):
    from tests.fuzz.targets import run

CORPUS = Path(__file__).parent / "corpus"
LARGEST = 20_000
SLOW_S = 5


def main() -> None:
    """Fuzz until the time is over."""
    name, seconds, found = sys.argv[1:4]
    with TemporaryDirectory() as grown:
        # libFuzzer puts what it learns into the first folder; ours is only read.
        arguments = [
            sys.argv[0],
            grown,
            str(CORPUS / name),
            f"-max_total_time={seconds}",
            f"-max_len={LARGEST}",
            f"-timeout={SLOW_S}",
            f"-artifact_prefix={found}/{name}-",
            "-rss_limit_mb=2048",
            "-verbosity=0",
        ]
        atheris.Setup(arguments, lambda body: (run(name, body), None)[1])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
