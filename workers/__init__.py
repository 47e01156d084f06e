"""Away from the request: a script becomes a finished recording.

    Order ──► queue ──► fulfil ──► recording ──► archive
              jobs      lease        └─ narrate ──► track ──► reel

`workers.recording` is the one way from an order to a recording; the worker in
`workers.fulfil` and the command line both call it.  While it is made, what is done is
committed to a `workers.reel`, where it is heard and gone on with.  `workers.archive`
keeps the audio in a `workers.library` and what is known of it in `workers.records`.
"""
