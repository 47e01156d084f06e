"""The Celery application of publishers and workers."""

from celery import Celery

from workers.queue.jobs import PREFIX

_TRANSPORT = {
    "global_keyprefix": PREFIX,
    "health_check_interval": 10,
    # Interactive before bulk; Celery's own choice takes turns.
    "queue_order_strategy": "priority",
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "socket_timeout": 15,
    # Look for messages that were not acknowledged in time every five seconds.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}


def create_celery_app(redis_url: str, redelivery: int = 30) -> Celery:
    """Return an application that talks to this Redis.

    After `redelivery` seconds Celery delivers a message again that was not
    acknowledged.  That may be less than a rendering takes: a second worker finds the
    job leased.

    Messages are acknowledged after the job, one at a time.  Celery's result backend is
    not used: the archive and `workers.queue.jobs` hold the outcome.
    """
    app = Celery("outspoken", broker=_broker_address(redis_url), set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        # A broker with a full disk refuses writes; retry as during an outage.
        broker_channel_error_retry=True,
        broker_connection_max_retries=None,
        broker_connection_retry_on_startup=True,
        broker_transport_options=_TRANSPORT | {"visibility_timeout": redelivery},
        task_acks_late=True,
        task_ignore_result=True,
        task_publish_retry_policy={
            "interval_max": 0.5,
            "interval_start": 0,
            "interval_step": 0.2,
            "max_retries": 2,
        },
        task_reject_on_worker_lost=True,
        task_serializer="json",
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_hijack_root_logger=False,
        worker_prefetch_multiplier=1,
    )
    return app


def _broker_address(redis_url: str) -> str:
    # redis-py and kombu spell the address of a unix socket differently.
    return redis_url.replace("unix://", "redis+socket://", 1)
