"""Parse text, HTML or Markdown into an `Article` that is not cleaned yet.

    bytes ──► decode ─┬─► read_text ──────► Article
                      ├─► read_html ──────► Article, with the lines that markup excludes
                      └─► read_markdown ──► the same

HTML is parsed once (`markup`) and split into blocks with the kind of each (`blocks`);
`block_rules` excludes blocks by their containers; `metadata` has the headline, the
byline and the date.  Markdown is rendered to HTML and split the same way.  Nothing is
fetched.
"""

from service.page.html import read_html
from service.page.markdown import read_markdown
from service.page.options import PageOptions
from service.page.text import decode, read_text

__all__ = ["PageOptions", "decode", "read_html", "read_markdown", "read_text"]
