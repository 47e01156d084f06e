"""The Celery application, configured once for those who publish and those who work."""

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
    # Every five seconds a look for messages that nobody acknowledged in time.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}


def create_celery_app(redis_url: str, redelivery: int = 30) -> Celery:
    """Return an application that talks to this Redis.

    After `redelivery` seconds Celery gives a message to another worker that was not
    acknowledged.  It need not be longer than a narration takes: a living worker's
    message that comes twice finds its job held.

    Orders are acknowledged when they are done, one at a time.  Celery's own results
    are not used: the archive and `workers.queue.jobs` say what became of an order.
    """
    app = Celery("outspoken", broker=_broker_address(redis_url), set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        # A broker whose disk is full refuses; it is waited for like one that is away.
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
