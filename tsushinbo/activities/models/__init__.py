"""What the politician says was done (活動報告): reports, their earlier wordings, drafts and pictures."""

from tsushinbo.activities.models.drafts import Draft, Picture
from tsushinbo.activities.models.reports import (
    BODY_LENGTH,
    POINT_LENGTH,
    POINTS,
    SOURCE_TITLE_LENGTH,
    SOURCE_URL_LENGTH,
    TITLE_LENGTH,
    ActivityReport,
    ReportRevision,
)

__all__ = [
    "BODY_LENGTH",
    "POINTS",
    "POINT_LENGTH",
    "SOURCE_TITLE_LENGTH",
    "SOURCE_URL_LENGTH",
    "TITLE_LENGTH",
    "ActivityReport",
    "Draft",
    "Picture",
    "ReportRevision",
]
