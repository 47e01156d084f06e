"""Conditions on the stored article under which a request changes it."""

from dataclasses import dataclass

from service.articles.revision import ArticleRevision
from service.errors import PreconditionFailed

_ANY = "*"


@dataclass(frozen=True, slots=True)
class Precondition:
    """What If-Match and If-None-Match require (RFC 9110, 13.1)."""

    matching: tuple[str, ...] | None = None
    """Entity tags, one of which the article must have, or "*"; None for no condition.
    """

    absent: bool = False
    """Whether there must be no article."""

    def require(self, latest: ArticleRevision | None) -> None:
        """Raise PreconditionFailed unless the article is as the client expects."""
        if self.absent and latest is not None:
            message = "There is an article of this id; send If-Match to replace it."
            raise PreconditionFailed(message)
        if self.matching is None:
            return
        if latest is None:
            message = "There is no article of this id; PUT it without If-Match."
            raise PreconditionFailed(message)
        if not {_ANY, latest.etag} & set(self.matching):
            message = (
                f"The article was changed and is at revision {latest.number}; GET it"
                " and send the change again with its ETag."
            )
            raise PreconditionFailed(message)


UNCONDITIONAL = Precondition()
