"""Exports are personal data as well: their list is in the next one, and their files go with their owner."""

from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from pythoughts.auth.models import DataExport
from pythoughts.i18n import _
from pythoughts.personal import Farewell, Part
from pythoughts.privacy import archives


def _rows(user_id: str) -> Select[Any]:
    columns: tuple[Any, ...] = (DataExport.state, DataExport.byte_count, DataExport.created_at, DataExport.expires_at)
    return select(*columns).where(DataExport.user_id == user_id).order_by(DataExport.id)


def _erase(session: Session, farewell: Farewell) -> None:
    gone = delete(DataExport).where(DataExport.user_id == farewell.user_id).returning(DataExport.id)
    for export_id in session.scalars(gone):
        archives.forget(export_id)


PARTS = (Part("data_export", _("Exports"), rows=_rows, erase=_erase),)
