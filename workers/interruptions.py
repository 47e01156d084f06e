"""Reasons to stop rendering that are not failures.

The worker handles each of them; none reaches a user, so they are not part of the error
tree of `voices.errors.OutspokenError`.
"""


class RenderingInterrupted(Exception):
    """Base of all interruptions."""


class JobRequeued(RenderingInterrupted):
    """The worker stops or yields; the job is queued again and resumed later."""


class JobCancelled(RenderingInterrupted):
    """The job has no claimants any more."""


class LeaseLost(RenderingInterrupted):
    """Another worker renders the job."""


class CannotResume(RenderingInterrupted):
    """The segments so far do not fit what this worker would render."""


class VoiceMismatch(RenderingInterrupted):
    """This machine's voice would give another narration than requested."""
