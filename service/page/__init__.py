"""What arrives: bytes, text or HTML become an `Article` that is not cleaned yet.

    bytes ──► decode ──► read_text ──► Article
                    └──► read_html ──► Article, with what its markup rules out

HTML is parsed once (`markup`), cut into blocks (`blocks`), and each block is judged by
where it stands (`body`); `metadata` knows the headline, the byline and the date.
Nothing is ever fetched.
"""

from service.page.html import read_html
from service.page.selectors import Selectors
from service.page.text import decode, read_text

__all__ = ["Selectors", "decode", "read_html", "read_text"]
