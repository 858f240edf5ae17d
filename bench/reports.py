"""Activity reports for the invented country (bench.nation), and a week of comments on them that ends now."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from bench.columns import Times
from bench.nation import AS_OF, COUNTRY, SEED, Builder
from bench.site import environment

REPORTS, COMMENTS, WEEK = 100_000, 100_000, timedelta(days=7)

# What the chores do with the comments of a week.
FILE = [
    *(sys.executable, "-m", "tsushinbo", "manage", "shell", "--no-imports", "-c"),
    "from django.utils import timezone; from tsushinbo.comments.services import file_by_terms; file_by_terms(at=timezone.now())",
]


def add_reports(place: Path) -> None:
    """Add the reports where there are none, and the comments anew: 人気のある活動報告 counts those of the last seven days."""
    with closing(sqlite3.connect(place / "tsushinbo.sqlite3", isolation_level=None)) as database:
        builder = Builder(database, COUNTRY)
        if not database.execute("SELECT 1 FROM activities_activityreport LIMIT 1").fetchone():
            _reports(builder)
        database.execute("DELETE FROM comments_termtally")
        database.execute("DELETE FROM comments_commenttally")
        database.execute("DELETE FROM comments_comment")
        _comments(builder)
        subprocess.run(FILE, env=environment(place), check=True, stdout=subprocess.DEVNULL)
        for table in ("activities_activityreport", "comments_comment", "comments_commenttally", "comments_termtally"):
            database.execute(f"ANALYZE {table}")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _reports(builder: Builder) -> None:
    """Most politicians have a few, some have dozens; half are tied to a pledge."""
    random = np.random.default_rng(SEED + 1)
    people = np.array(builder.database.execute("SELECT id FROM people_politician ORDER BY id").fetchall())[:, 0]
    eager = random.lognormal(0, 1, people.size)
    pledges = builder.database.execute("SELECT id FROM pledges_pledge ORDER BY id LIMIT ?", (REPORTS,)).fetchall()
    tied = random.random(REPORTS) < 0.5
    about = random.integers(0, len(pledges), REPORTS).tolist()
    days = random.integers(0, 365, REPORTS).astype("timedelta64[D]")
    at = np.datetime64(AS_OF.replace(tzinfo=None), "s") - days
    builder.insert(
        "activities_activityreport",
        REPORTS,
        {
            "id": builder.ids(REPORTS),
            "politician_id": people[random.choice(people.size, REPORTS, p=eager / eager.sum())],
            "pledge_id": [pledges[n][0] if some else None for n, some in zip(about, tied.tolist(), strict=True)],
            "author_id": 1,
            "by_owner": 1,
            "state": "approved",
            "title": [f"見本の活動{n}を報告します" for n in range(REPORTS)],
            "body": ["見本の地域を回り、見本の声を聞きました。" * 20] * REPORTS,
            "points": '["見本の声を聞いた"]',
            "happened_on": at.astype("datetime64[D]").astype(str).tolist(),
            **dict.fromkeys(("submitted_at", "publish_at", "created_at", "changed_at"), Times(at)),
        },
    )


def _comments(builder: Builder) -> None:
    """A few reports are talked about much, most by one or two; the database counts them itself."""
    random, now = np.random.default_rng(SEED + 2), datetime.now(tz=UTC).replace(tzinfo=None, microsecond=0)
    since = (now - WEEK).isoformat(" ")
    builder.database.execute("INSERT OR REPLACE INTO comments_countedweek (id, since) VALUES (1, ?)", (since,))
    reports = np.array(builder.database.execute("SELECT id FROM activities_activityreport ORDER BY id").fetchall())[
        :, 0
    ]
    known = random.lognormal(0, 1.5, reports.size)
    seconds = np.sort(random.integers(0, int(WEEK.total_seconds()), COMMENTS))
    at = Times(np.datetime64(now, "s") - seconds[::-1].astype("timedelta64[s]"))
    builder.insert(
        "comments_comment",
        COMMENTS,
        {
            "id": builder.ids(COMMENTS),
            "report_id": reports[random.choice(reports.size, COMMENTS, p=known / known.sum())],
            "writer": np.arange(1, COMMENTS + 1),
            "state": "approved",
            "nickname": "見本",
            "body": "見本のコメントです。",
            "submitted_at": at,
            "made_at": at,
        },
    )
