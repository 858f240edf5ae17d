"""Let the database count comments: with every row that is added, changed or deleted, by whatever statement.

A later migration that makes the table of comments anew (SQLite does so for many changes of a column) takes the triggers along: it must end
with these operations again. tests/comments/test_counts.py and `tsushinbo doctor` notice when they are missing.
"""

from django.db import migrations

# Which way a row moves the counts of its report. ``since`` is where the seven days that are counted begin.
SQLITE_ADD = """
    INSERT INTO comments_commenttally (report_id, comments, recent, latest_at)
    VALUES (NEW.report_id, 1, NEW.made_at > COALESCE((SELECT since FROM comments_countedweek), ''), NEW.made_at)
    ON CONFLICT (report_id) DO UPDATE SET
        comments = comments + 1, recent = recent + excluded.recent, latest_at = MAX(COALESCE(latest_at, excluded.latest_at), excluded.latest_at);
"""
SQLITE_TAKE = """
    UPDATE comments_commenttally SET
        comments = comments - 1,
        recent = recent - (OLD.made_at > COALESCE((SELECT since FROM comments_countedweek), '')),
        latest_at = (SELECT MAX(made_at) FROM comments_comment WHERE report_id = OLD.report_id AND state = 'approved')
    WHERE report_id = OLD.report_id;
"""
MOVED = "(OLD.state <> NEW.state OR OLD.report_id <> NEW.report_id OR OLD.made_at <> NEW.made_at)"
SQLITE = [
    f"CREATE TRIGGER comments_added AFTER INSERT ON comments_comment WHEN NEW.state = 'approved' BEGIN {SQLITE_ADD} END",
    f"CREATE TRIGGER comments_deleted AFTER DELETE ON comments_comment WHEN OLD.state = 'approved' BEGIN {SQLITE_TAKE} END",
    f"CREATE TRIGGER comments_left AFTER UPDATE ON comments_comment WHEN OLD.state = 'approved' AND {MOVED} BEGIN {SQLITE_TAKE} END",
    f"CREATE TRIGGER comments_came AFTER UPDATE ON comments_comment WHEN NEW.state = 'approved' AND {MOVED} BEGIN {SQLITE_ADD} END",
]
SQLITE_TRIGGERS = ("comments_added", "comments_deleted", "comments_left", "comments_came")
# The row of the week is held while a comment is counted by it, so that the chores do not move it in between.
POSTGRESQL = [
    """
    CREATE FUNCTION comments_count() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        since timestamptz;
        leaves boolean := TG_OP <> 'INSERT' AND OLD.state = 'approved';
        comes boolean := TG_OP <> 'DELETE' AND NEW.state = 'approved';
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.state = NEW.state AND OLD.report_id = NEW.report_id AND OLD.made_at = NEW.made_at THEN
            RETURN NULL;
        END IF;
        IF NOT leaves AND NOT comes THEN
            RETURN NULL;
        END IF;
        SELECT week.since INTO since FROM comments_countedweek week FOR SHARE;
        since := COALESCE(since, '-infinity');
        IF leaves THEN
            UPDATE comments_commenttally SET
                comments = comments - 1,
                recent = recent - (OLD.made_at > since)::int,
                latest_at = (SELECT MAX(made_at) FROM comments_comment WHERE report_id = OLD.report_id AND state = 'approved')
            WHERE report_id = OLD.report_id;
        END IF;
        IF comes THEN
            INSERT INTO comments_commenttally AS tally (report_id, comments, recent, latest_at)
            VALUES (NEW.report_id, 1, (NEW.made_at > since)::int, NEW.made_at)
            ON CONFLICT (report_id) DO UPDATE SET
                comments = tally.comments + 1,
                recent = tally.recent + EXCLUDED.recent,
                latest_at = GREATEST(tally.latest_at, EXCLUDED.latest_at);
        END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER comments_counted AFTER INSERT OR UPDATE OR DELETE ON comments_comment FOR EACH ROW EXECUTE FUNCTION comments_count()",
]


def count(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def count_no_more(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in SQLITE_TRIGGERS:
            schema_editor.execute(f"DROP TRIGGER {name}", params=None)
        return
    schema_editor.execute("DROP TRIGGER comments_counted ON comments_comment", params=None)
    schema_editor.execute("DROP FUNCTION comments_count()", params=None)


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_first")]

    operations = [migrations.RunPython(count, count_no_more)]
