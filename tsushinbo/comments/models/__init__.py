"""What citizens answer to a report (コメント), and the counts of it."""

from tsushinbo.comments.models.comments import (
    BODY_LENGTH,
    LINKS,
    NICKNAME_LENGTH,
    TYPED_NICKNAME_LENGTH,
    Comment,
    CommentNetwork,
)
from tsushinbo.comments.models.counts import WEEK, CommentTally, CountedWeek, TermTally

__all__ = [
    "BODY_LENGTH",
    "LINKS",
    "NICKNAME_LENGTH",
    "TYPED_NICKNAME_LENGTH",
    "WEEK",
    "Comment",
    "CommentNetwork",
    "CommentTally",
    "CountedWeek",
    "TermTally",
]
