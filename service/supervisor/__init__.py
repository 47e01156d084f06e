"""Run the embedded broker, a worker and the API under one supervisor.

`supervisor` starts them, `children` restarts those that exit, `exclusive` holds the
data folder's lock and the listening socket, and `signals` wakes the supervisor.
"""

from service.supervisor.supervisor import run_supervisor

__all__ = ["run_supervisor"]
