"""Job specs and claimants for tests of the queue."""

from redis import Redis

from tests.support.scripts import script_of
from voices.tone import TONE
from workers.narration import JobSpec, narration_key
from workers.queue.claimants import Claimant
from workers.queue.jobs import Jobs, Lane
from workers.queue.lease import LeaseTimeouts

SCRIPT = script_of("The tide turns", "It turned at noon.", "No one saw it.")
SPEC = JobSpec(narration_key(SCRIPT, TONE), TONE.id, SCRIPT)
OTHER_SPEC = JobSpec("f" * 32, TONE.id, SCRIPT)
ARTICLE = Claimant.article("a")
OTHER_ARTICLE = Claimant.article("b")
BRIEF = LeaseTimeouts(lease_s=0.5, sentence_s=60)


def waiting(redis: Redis, lane: Lane) -> int:
    """Return the number of messages in a lane."""
    return sum(redis.llen(name) for name in lane.lists)


def expire_lease(jobs: Jobs) -> None:
    """End the lease of SPEC's job, as happens when its worker is dead."""
    jobs.redis.delete(f"outspoken:lease:{SPEC.key}")
