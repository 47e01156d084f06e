"""Tags and classes of HTML that determine how text is read.

None of them is specific to a site: these are tags of the standard, and class names that
stylesheets and embedding services share.
"""

import re

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
"""Elements whose text is separate lines."""

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])

PARAGRAPH_KINDS = {
    "blockquote": ParagraphKind.QUOTATION,
    "li": ParagraphKind.LIST_ITEM,
    # These begin a new structure: an entry of a live blog is an `article` in an `li`,
    # and its paragraphs are not list items.
    "article": ParagraphKind.PARAGRAPH,
    "aside": ParagraphKind.PARAGRAPH,
    "main": ParagraphKind.PARAGRAPH,
    "section": ParagraphKind.PARAGRAPH,
    "table": ParagraphKind.PARAGRAPH,
}
"""Kind of the paragraphs in an element; other elements inherit their parent's."""

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
"""Elements whose text is not displayed as text of the page."""

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
"""Elements between a line and the container that it belongs to."""

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
"""Rules by element whose text the standard defines as separate from the article."""

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
"""Classes of quotations in the embed code of social networks."""

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
"""Common classes of elements that are not displayed."""

SIDEBAR_CLASS = re.compile(
    r"access-wall|advert|author|banner|bio\b|caption|comment|copyright|credit|"
    r"disclaimer|embed|modal|more-?from|newsletter|paywall-|popular|promo|read-?more|"
    r"recirc|recommend|related|share|sign-?up|social|sponsor|subscri|tooltip|trending",
    re.IGNORECASE,
)
"""Words in the class or id of sidebars and boxes inside articles.

Not applied to the article's own containers: "comments-open" is a class of whole pages.
"""
