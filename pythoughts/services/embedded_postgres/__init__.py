"""A PostgreSQL of our own: started on demand, shared by every process of this checkout, stopped by the last one."""

from pythoughts.services.embedded_postgres.failures import PostgresUnavailable
from pythoughts.services.embedded_postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres", "PostgresUnavailable"]
