"""The one error this package raises."""


class PostgresUnavailable(RuntimeError):
    """The embedded server can't be had: why in one sentence, then what the server logged, if it got that far."""
