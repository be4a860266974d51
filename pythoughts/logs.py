"""Structured logs: one JSON object a line, on standard error."""

import logging
import re
import sys

import structlog

TALKERS = ("pythoughts", "gunicorn", "env_py")
"""Whose plain information is worth a line: ours, the server's, the migrations' (so Alembic calls their env.py)."""
VALUE_STARTS = re.compile(r"""[/:='"<(\[{\d]""")


def configure() -> None:
    """Send every log, ours and the libraries', through one formatter.

    Libraries put what people typed into their warnings and exceptions: paths, addresses, whole rows. Of those, only
    the words that stand in their source and the exception's class are kept.
    """
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_drop_values, *shared, structlog.stdlib.add_logger_name],
            processors=[_drop_exception, structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in TALKERS:
        logging.getLogger(name).setLevel(logging.INFO)


_render = structlog.processors.JSONRenderer(sort_keys=True)


def _drop_values(
    _logger: structlog.types.WrappedLogger, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    record: logging.LogRecord = event["_record"]
    if record.levelno >= logging.WARNING:
        template = str(record.msg)
        filled_in_already = event["event"] == template
        words = VALUE_STARTS.split(template, maxsplit=1)[0].strip() if filled_in_already else template
        event["event"] = getattr(record, "action", words)
    return event


def _drop_exception(
    _logger: structlog.types.WrappedLogger, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    error = event.pop("exc_info", None)
    if isinstance(error, tuple) and error[0] is not None:
        event["kind"] = error[0].__name__
    return event
