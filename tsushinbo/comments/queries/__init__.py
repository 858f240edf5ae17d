"""Reads of comments (コメント)."""

from tsushinbo.comments.queries.popular import (
    EVERYBODY,
    Brief,
    Popular,
    miscounted_reports,
    popular_briefly,
    popular_reports,
)
from tsushinbo.comments.queries.texts import (
    exported,
    find,
    own_comments,
    own_unpublished,
    page_of,
    public_comments,
    written_by,
)

__all__ = [
    "EVERYBODY",
    "Brief",
    "Popular",
    "exported",
    "find",
    "miscounted_reports",
    "own_comments",
    "own_unpublished",
    "page_of",
    "popular_briefly",
    "popular_reports",
    "public_comments",
    "written_by",
]
