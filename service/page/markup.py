"""The elements of HTML, and what each says about the text in it.

None of this is a site's own: these are tags of the standard, and class names that
stylesheets and embedding services share.
"""

import re

import lxml.etree
import lxml.html

from service.article import ParagraphKind

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
"""Elements that stand on lines of their own."""

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

PARAGRAPH_KINDS = {
    "blockquote": ParagraphKind.QUOTATION,
    "li": ParagraphKind.LIST_ITEM,
    # Each of these begins a structure of its own: an entry of a live blog is an
    # `article` in an `li`, and its paragraphs are not list items.
    "article": ParagraphKind.PARAGRAPH,
    "aside": ParagraphKind.PARAGRAPH,
    "main": ParagraphKind.PARAGRAPH,
    "section": ParagraphKind.PARAGRAPH,
    "table": ParagraphKind.PARAGRAPH,
}
"""Kind of the paragraphs in an element; other elements inherit it from around."""

NON_TEXT_TAGS = frozenset(
    [
        "audio",
        "button",
        "canvas",
        "datalist",
        "head",
        "iframe",
        "noscript",
        "object",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "video",
    ]
)
"""Elements whose text is no text of the page."""

WRAPPERS = frozenset(
    [
        "blockquote",
        "center",
        "dd",
        "dl",
        "dt",
        "li",
        "ol",
        "pre",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
"""Elements that stand between a line and the box it belongs to."""

NON_ARTICLE_TAGS = {
    "aside": "aside",
    "caption": "caption-or-credit",
    "dialog": "aside",
    "figcaption": "caption-or-credit",
    "figure": "caption-or-credit",
    "footer": "aside",
    "form": "aside",
    "menu": "menu",
    "nav": "menu",
}
"""Elements whose text is beside the article by the standard's own words; the rule."""

EMBEDS = frozenset(
    [
        "bluesky-embed",
        "fb-post",
        "instagram-media",
        "reddit-embed-bq",
        "text-post-media",
        "tiktok-embed",
        "twitter-tweet",
        "twitter-video",
    ]
)
"""Classes that social networks give to the quotation their embed code leaves."""

HIDDEN_CLASSES = frozenset(
    [
        "screen-reader",
        "screen-reader-text",
        "sr-only",
        "u-visually-hidden",
        "visually-hidden",
        "visuallyhidden",
    ]
)
"""Classes that stylesheets share for what is not shown."""

SIDEBAR_CLASS = re.compile(
    r"access-wall|advert|author|banner|bio\b|caption|comment|copyright|credit|"
    r"disclaimer|embed|modal|more-?from|newsletter|paywall-|popular|promo|read-?more|"
    r"recirc|recommend|related|share|sign-?up|social|sponsor|subscri|tooltip|trending",
    re.IGNORECASE,
)
"""Words in the class or id of boxes that stand beside articles.

Held only against boxes that are not the article's own: "comments-open" is a class of
whole pages.
"""


def parse(html: str) -> lxml.html.HtmlElement | None:
    """Return the tree of a page; None when there is none to build.

    A lone surrogate, which no page can hold, becomes a question mark.  libxml2 reads
    no deeper than 256 elements: what is nested deeper is lost.
    """
    # As bytes: lxml refuses text that declares an encoding of its own.
    data = html.replace("\0", "").encode("utf-8", "replace")
    # Without comments, or trafilatura loses the text that follows one inside a line.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True
    )
    try:
        return lxml.html.document_fromstring(data, parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None
