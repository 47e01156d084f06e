"""Render scripts to stored narrations, outside of requests.

    JobSpec ──► queue ──► process ──► rendering ──► storage
                 jobs, leases           audio, segments

`workers.rendering.get_or_render` is the only way from a job spec to a narration; worker
and command line call it.  Committed segments can be streamed while the rest is
rendered.
"""
