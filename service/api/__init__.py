"""The HTTP door: one file a resource, each translating to one call.

POST            /v1/narrations            text or HTML is asked to be read
GET DELETE      /v1/narrations/{key}      how far it is; the takedown
GET HEAD        /v1/narrations/{key}.mp3  the audio, also while it is made
PUT GET DELETE  /v1/articles/{source_id}  the same by a publisher's own id
GET             /v1/voices                who can read
GET HEAD        /feeds/all.xml            a podcast of all articles
GET             /                         a page to try it on
GET             /healthz, /readyz         is the process up, can it do its work
GET             /metrics                  figures for an operator
"""

from service.api.app import create_app
from service.api.context import ApiContext

__all__ = ["ApiContext", "create_app"]
