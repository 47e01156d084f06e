"""Prepare articles in processes of their own, with limits of time and memory.

    request ──► PreparerPool.prepare ──► PreparerProcess ──► python -m …preparer_pool
                 waits for an idle one    kills it when        ArticlePreparer.prepare
                                          the time is over

A rule that takes too long on a strange text then costs one request and one process; in
a thread it would go on for ever and take the interpreter's lock from everything else.
"""

from service.preparer_pool.pool import PreparerPool

__all__ = ["PreparerPool"]
