"""What a person did to the list of watched words: only who is remembered, and that goes with them."""

from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from pythoughts.i18n import _
from pythoughts.personal import Farewell, Part
from pythoughts.words.models import WatchedWord


def _rows(user_id: str) -> Select[Any]:
    columns: tuple[Any, ...] = (WatchedWord.word, WatchedWord.action, WatchedWord.note, WatchedWord.created_at)
    return select(*columns).where(WatchedWord.created_by == user_id).order_by(WatchedWord.id)


def _erase(session: Session, farewell: Farewell) -> None:
    mine = update(WatchedWord).where(WatchedWord.created_by == farewell.user_id)
    session.execute(mine.values(created_by=None), execution_options={"synchronize_session": False})


PARTS = (Part("watched_word", _("Watched words you added"), rows=_rows, erase=_erase),)
