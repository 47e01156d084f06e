"""Articles in, narrations out: everything a newsroom or a listener touches.

    page ──► clean ──► write_script ──► request_narration
      Article   Cleaned           Script

`service.page` reads what arrives, `service.cleaning` keeps the article,
`service.script` writes what will be said, `service.narrations.requests` answers from the library
or asks the workers; `service.articles.publishing` does so for articles by a publisher's own ids.
The doors stand around it: `service.api`, `service.cli`,
`service.feeds.rss` and `service.web`.  `service.supervisor` runs all of it on one machine.
"""
