"""Where kombu's Redis transport stores messages.

The sweeper compares jobs with messages, and counts of waiting messages are shown as
metrics; kombu has no interface for either.  Everything that depends on kombu's private
layout is here, and `tests/queue/test_kombu_layout.py` compares it with kombu.
"""

UNACKED_HASH = "unacked"
"""Hash of the messages that workers hold (`Channel.unacked_key`)."""

PRIORITIES = 0, 3
"""Priorities in use, of kombu's steps 0, 3, 6 and 9; lower ones are delivered first."""

_SEPARATOR = "\x06\x16"
"""Separator of queue and priority (`Channel.sep`)."""


def message_lists(queue: str) -> list[str]:
    """Return the lists that hold a queue's messages, one per priority in use.

    As `kombu.transport.redis.Channel._q_for_pri`: priority 0 has no suffix.
    """
    return [
        f"{queue}{_SEPARATOR}{priority}" if priority else queue
        for priority in PRIORITIES
    ]
