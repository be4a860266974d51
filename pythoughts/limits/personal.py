"""Counters of what people did lately: kept for a day at most, and never handed out."""

from sqlalchemy import delete, func, or_
from sqlalchemy.orm import Session

from pythoughts.limits.models import RateLimit
from pythoughts.personal import Farewell, Part


def _erase(session: Session, farewell: Farewell) -> None:
    traced = [func.strpos(RateLimit.key, trace) > 0 for trace in sorted(farewell.traces)]
    session.execute(delete(RateLimit).where(or_(*traced)))


PARTS = (Part("rate_limit", withheld="counters under digests and networks, gone within a day", erase=_erase),)
