"""kombu stores messages where `workers.queue.kombu_layout` says."""

from kombu.transport.redis import PRIORITY_STEPS, Channel

from workers.queue.celery_app import create_celery_app
from workers.queue.kombu_layout import PRIORITIES, UNACKED_HASH, message_lists


def test_message_lists_are_those_of_kombu(broker: str) -> None:
    app = create_celery_app(broker)
    with app.connection_for_write() as connection, connection.channel() as channel:
        lists = [
            channel._q_for_pri("narrations", priority)  # noqa: SLF001 - the layout under test
            for priority in PRIORITIES
        ]
    assert message_lists("narrations") == lists


def test_priorities_are_steps_of_kombu() -> None:
    assert set(PRIORITIES) <= set(PRIORITY_STEPS)


def test_unacknowledged_messages_are_in_the_hash_of_kombu() -> None:
    assert Channel.unacked_key == UNACKED_HASH
