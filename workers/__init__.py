"""Away from the request: a script becomes a finished recording.

    Order ──► queue ──► fulfil ──► recording ──► archive
              jobs      lease        └─ narrate ──► track ──► reel

`workers.rendering.produce` is the one way from an order to a recording; the worker in
`workers.process.run_job` and the command line both call it.  While it is made, what is done is
committed to a `workers.rendering.segment_log`, where it is heard and gone on with.  `workers.storage.archive`
keeps the audio in a `workers.storage.blobs` and what is known of it in `workers.storage.records`.
"""
