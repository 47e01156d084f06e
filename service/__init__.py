"""Articles in, narrations out: everything a newsroom or a listener touches.

    page ──► cleaning ──► script ──► narrations
      Article   Cleaned     Script

`service.preparation` runs the first three in order and computes the key.
`service.narrations` answers from the library or queues a job; `service.articles` does
so for articles by a publisher's own ids.  `service.api`, `service.cli`,
`service.captions`, `service.feeds` and `service.web` deliver the result.
`service.supervisor` runs all of it on one machine.
"""
