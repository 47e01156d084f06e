"""Articles for tests."""

from collections.abc import Iterable

from service.article import Article, plain_paragraphs


def plain_article(
    title: str | None,
    paragraphs: Iterable[str],
    *,
    byline: str | None = None,
    published: str | None = None,
    language: str = "en",
) -> Article:
    """Return an article without markup, one paragraph per text."""
    return Article(title, plain_paragraphs(paragraphs), byline, published, language)
