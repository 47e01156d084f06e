"""One machine: the broker, a worker and the API under one supervisor.

`keeper` puts them together, `children` starts again whoever dies, `premises` are the
data folder and the door, and `bell` is what wakes the supervisor.
"""

from service.supervisor.supervisor import run_supervisor

__all__ = ["run_supervisor"]
