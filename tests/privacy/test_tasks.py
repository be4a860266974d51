"""Jobs about people's data do nothing when there is nothing to do."""

from pythoughts.privacy import tasks
from pythoughts.privacy.use_cases import forget_archives, make_archive, note_failed_archive


def test_jobs_bear_what_is_gone(app):
    make_archive(export_id="gone")
    note_failed_archive(export_id="gone")
    forget_archives()
    tasks.erase("gone")
    tasks.request_erasures()
    tasks.tidy()
