"""File the comments of the week by the running terms of politicians too; the numbers there move with those of the report.

The triggers stand on the tallies and touch this room's tables alone, so no other room has to care when it makes a table anew. A later
migration that makes the table of CommentTally or TermTally anew must first drop them and end with these operations again.
"""

import django.db.models.deletion
from django.db import migrations, models


SET = "SET recent = NEW.recent, latest_at = NEW.latest_at WHERE report_id = NEW.report_id"
MOVED = "WHEN (NEW.filed_at IS NOT NULL AND (OLD.recent <> NEW.recent OR OLD.latest_at IS NOT NEW.latest_at))"
SQLITE = [f"CREATE TRIGGER comments_tally_moved AFTER UPDATE ON comments_commenttally {MOVED} BEGIN UPDATE comments_termtally {SET}; END"]
POSTGRESQL = [
    f"""
    CREATE FUNCTION comments_move_terms() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE comments_termtally {SET};
        RETURN NULL;
    END $$
    """,
    f"CREATE TRIGGER comments_tally_moved AFTER UPDATE ON comments_commenttally FOR EACH ROW {MOVED.replace('IS NOT NEW', 'IS DISTINCT FROM NEW')} EXECUTE FUNCTION comments_move_terms()",
]


def follow(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def follow_no_more(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER comments_tally_moved", params=None)
        return
    schema_editor.execute("DROP TRIGGER comments_tally_moved ON comments_commenttally", params=None)
    schema_editor.execute("DROP FUNCTION comments_move_terms()", params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0004_unseen_reports'),
        ('comments', '0003_moderators'),
    ]

    operations = [
        migrations.CreateModel(
            name='TermTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.CharField(max_length=20)),
                ('prefecture', models.CharField(blank=True, help_text='code of the area', max_length=6)),
                ('party', models.BigIntegerField(help_text='id of the party', null=True)),
                ('recent', models.PositiveIntegerField()),
                ('latest_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': '任期ごとのコメント数',
                'verbose_name_plural': '任期ごとのコメント数',
            },
        ),
        migrations.AddField(
            model_name='commenttally',
            name='filed_at',
            field=models.DateTimeField(help_text='when TermTally got its rows; empty while it has none', null=True),
        ),
        migrations.AddIndex(
            model_name='commenttally',
            index=models.Index(condition=models.Q(('filed_at__isnull', True), ('recent__gt', 0)), fields=['filed_at', 'recent', 'latest_at', 'report'], name='tally_not_filed_yet'),
        ),
        migrations.AddIndex(
            model_name='commenttally',
            index=models.Index(condition=models.Q(('filed_at__isnull', False)), fields=['report'], name='tally_filed'),
        ),
        migrations.AddField(
            model_name='termtally',
            name='report',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='activities.activityreport'),
        ),
        migrations.AddIndex(
            model_name='termtally',
            index=models.Index(fields=['report'], name='term_tally_of_report'),
        ),
        migrations.AddIndex(
            model_name='termtally',
            index=models.Index(fields=['office', '-recent', '-latest_at', 'report'], name='discussed_by_office'),
        ),
        migrations.AddIndex(
            model_name='termtally',
            index=models.Index(fields=['prefecture', '-recent', '-latest_at', 'report'], name='discussed_by_prefecture'),
        ),
        migrations.AddIndex(
            model_name='termtally',
            index=models.Index(fields=['party', '-recent', '-latest_at', 'report'], name='discussed_by_party'),
        ),
        migrations.AddIndex(
            model_name='termtally',
            index=models.Index(fields=['office', 'prefecture', '-recent', '-latest_at', 'report'], name='discussed_by_seat'),
        ),
        migrations.AddIndex(
            model_name='termtally',
            index=models.Index(fields=['office', 'party', '-recent', '-latest_at', 'report'], name='discussed_by_bench'),
        ),
        migrations.AddIndex(
            model_name='termtally',
            index=models.Index(fields=['prefecture', 'party', '-recent', '-latest_at', 'report', 'office'], name='discussed_by_branch'),
        ),
        migrations.RunPython(follow, follow_no_more),
    ]
