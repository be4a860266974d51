"""Exports are personal data as well: their list is in the next one, and their files go with their owner."""

from pythoughts.auth.models import DataExport
from pythoughts.i18n import _
from pythoughts.personal import owned
from pythoughts.privacy import archives

COLUMNS = (DataExport.state, DataExport.byte_count, DataExport.created_at, DataExport.expires_at)
PARTS = (owned(DataExport, _("Exports"), *COLUMNS, forget=archives.forget),)
