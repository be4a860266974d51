"""How often, and after what pauses, a job that raised is tried again."""

from procrastinate import RetryDecision
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy


class Pauses(BaseRetryStrategy):
    """One try after each of the pauses, then the job has failed."""

    def __init__(self, *seconds: int) -> None:
        """Name the pauses, in seconds, shortest first."""
        self.seconds = seconds

    def get_retry_decision(
        self,
        *,
        exception: BaseException,  # noqa: ARG002 (all are alike)
        job: Job,
    ) -> RetryDecision | None:
        """When to try `job` again, or None: never.

        One with a queueing lock would collide with its successor that waits; the next asking takes its place.
        """
        if job.queueing_lock is not None or job.attempts >= len(self.seconds):
            return None
        return RetryDecision(retry_in={"seconds": self.seconds[job.attempts]})


FEW_TRIES = Pauses(5, 30, 120, 600)
