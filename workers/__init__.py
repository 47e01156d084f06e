"""Away from the request: a script becomes a stored narration.

    JobSpec ──► queue ──► process ──► rendering ──► storage
                 jobs, leases           audio, segments

`workers.rendering.produce` is the one way from a job spec to a narration; the worker
and the command line both call it.  Committed segments can be streamed while the rest
is rendered.
"""
