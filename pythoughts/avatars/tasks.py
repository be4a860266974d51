"""Jobs about pictures."""

from pythoughts.avatars import use_cases
from pythoughts.jobs.queue import task


@task("avatars.prepare")
def prepare(user_id: str, upload_id: str) -> None:
    """Make a picture of what somebody has sent."""
    try:
        use_cases.prepare_picture(user_id=user_id, upload_id=upload_id)
    except Exception:
        use_cases.note_failed_picture(user_id=user_id, upload_id=upload_id)
        raise
