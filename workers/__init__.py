"""Away from the request: a script becomes a finished recording.

    Script ──► queue ──► tasks ──► recording ──► archive
                                     └─ narrate ──► assembly ──► encoding

`workers.recording` is the one way from an order to a recording; the Celery task in
`workers.tasks` and the command line both call it.  `workers.archive` keeps the audio in
a `workers.library` and what is known of it in `workers.records`.
"""
