"""Away from the request: a script becomes a finished recording.

    Script ──► queue ──► tasks ──► narrate ──► assembly ──► encoding ──► archive

`workers.narrate` is the one way from a script to sound; the Celery task in
`workers.tasks` and the command line both call it.  `workers.archive`
keeps the audio in a `workers.library` and what is known of it in `workers.records`.
"""
