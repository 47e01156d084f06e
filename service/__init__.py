"""Articles in, narrations out: everything a newsroom or a listener touches.

    page ──► clean ──► write_script ──► request_narration
      Article   Cleaned           Script

`service.page` reads what arrives, `service.cleaning` keeps the article,
`service.script` writes what will be said, `service.narrations` answers from the library
or asks the workers; `service.publishing` does so for articles by a publisher's own ids.
The doors stand around it: `service.api`, `service.cli`,
`service.feed` and `service.player`.  `service.house` runs all of it on one machine.
"""
