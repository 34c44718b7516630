"""Logs: one line each, with ids and places in the code, never with what people wrote."""

import logging
import sys
import traceback
from pathlib import Path
from typing import Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

ROOT: Final = Path(__file__).parent.parent
# Libraries that tell of every step.
CHATTY: Final = {
    "slack_bolt": logging.WARNING,
    "slack_sdk": logging.WARNING,
    "alembic": logging.WARNING,
    "aiohttp": logging.WARNING,
    "apscheduler": logging.ERROR,
}


def start() -> None:
    """Write what the house and its libraries log to standard error, as logfmt."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_words,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"]),
            ],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name, level in CHATTY.items():
        logging.getLogger(name).setLevel(level)


def without_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put an error's type and places for the error itself: its message may quote what someone wrote."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["error"] = type(error).__name__
        event["at"] = " > ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in frames)
    return event


def _short(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
