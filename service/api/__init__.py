"""The HTTP API: one file of routes per resource.

POST            /v1/narrations            request a narration of text or HTML
GET DELETE      /v1/narrations/{key}      its status; take it down
GET             /v1/narrations/{key}.mp3  its audio, even while it is rendered
GET             /v1/narrations/{key}.m3u8 the same as an HLS playlist
GET             /v1/narrations/{key}.vtt  captions; .srt .txt .json .transcript.json
                                          .marks.jsonl
GET             /v1/narrations/{key}/cuts what was cut from its text
GET             /v1/articles              articles by filters, in pages
PUT GET DELETE  /v1/articles/{source_id}  an article under the publisher's own id
GET             /v1/articles/{source_id}/cuts      what was cut from it
POST            /v1/articles/{source_id}/approval  have it narrated in spite of doubts
GET             /v1/voices                installed voices
GET             /feeds/all.xml            podcast feed of all articles
GET             /                         front page
GET             /healthz, /readyz         liveness and readiness
GET             /metrics                  Prometheus metrics

Every GET route answers HEAD too.
"""

from service.api.app import create_app
from service.api.context import ApiContext

__all__ = ["ApiContext", "create_app"]
