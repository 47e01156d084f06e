"""Parse text, HTML or Markdown into an `Article` that is not cleaned yet.

    bytes ──► decode ─┬─► read_text ──────► Article
                      ├─► read_html ──────► Article, with the lines that markup excludes
                      └─► read_markdown ──► the same

HTML is parsed once (`parse_html`) and split into blocks with the kind of each
(`blocks`), after tables are read by rows (`tables`) and text that is not displayed is
set aside (`hidden_text`).  `extraction` finds the article among the blocks; `metadata`
has what the page declares: headline, byline, date.  Markdown is rendered to HTML and
split the same way.  Nothing is fetched.
"""

from service.page.html import read_html
from service.page.markdown import read_markdown
from service.page.options import PageOptions
from service.page.text import decode, read_text

__all__ = ["PageOptions", "decode", "read_html", "read_markdown", "read_text"]
