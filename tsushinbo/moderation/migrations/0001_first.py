import django.db.models.deletion
import tsushinbo.addresses
from django.conf import settings
from django.db import migrations, models

from tsushinbo.moderation.append_only import OnlyAdded


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DeskClock',
            fields=[
                ('id', models.SmallAutoField(primary_key=True, serialize=False)),
                ('warned_until', models.DateTimeField(help_text='texts submitted up to this moment were warned of')),
            ],
            options={
                'verbose_name': '警告の時計',
                'verbose_name_plural': '警告の時計',
            },
        ),
        migrations.CreateModel(
            name='LogEntry',
            fields=[
                ('id', models.BigIntegerField(default=tsushinbo.addresses.new_id, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(verbose_name='日時')),
                ('deed', models.CharField(choices=[('approve', '承認'), ('reject', '却下'), ('hide', '非公開'), ('restore', '再公開'), ('reopen', '確認待ちに戻す'), ('confirm', '公開後の確認'), ('appeal_opened', '異議の申立て'), ('appeal_upheld', '異議：判断を維持'), ('appeal_granted', '異議：判断を変更'), ('ban', '投稿の停止'), ('unban', '停止の解除'), ('escalate', '管理者への引き継ぎ'), ('takedown_received', '申出の受付'), ('takedown_inquiry', '申出：投稿者への照会'), ('takedown_removed', '申出：削除'), ('takedown_kept', '申出：削除しない'), ('takedown_notified', '申出：結果の通知')], max_length=20, verbose_name='内容')),
                ('kind', models.CharField(help_text='what it was about: app and model, comments.comment', max_length=60, verbose_name='対象の種類')),
                ('subject_id', models.BigIntegerField(blank=True, null=True, verbose_name='対象の番号')),
                ('digest', models.CharField(blank=True, help_text='SHA-256 of the text as it was read', max_length=64, verbose_name='本文のハッシュ')),
                ('reason', models.CharField(blank=True, choices=[('defamation', '誹謗中傷'), ('privacy', '住所・家族・健康などの個人情報'), ('hate', '差別・憎悪をあおる内容'), ('threat', '脅迫・暴力をあおる内容'), ('indecent', '公序良俗に反する内容'), ('falsehood', '明らかに事実と異なる内容'), ('impersonation', 'なりすまし'), ('rights', '著作権などの権利の侵害'), ('advertisement', '宣伝・勧誘'), ('unrelated', '話題と関係がない内容'), ('unsourced', '出典から確認できない内容'), ('duplicate', '重複'), ('campaign', '選挙運動の決まりに反する内容'), ('takedown', '送信防止措置の申出'), ('other', 'その他')], max_length=14, verbose_name='理由')),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='覚え書き')),
                ('state_before', models.CharField(blank=True, choices=[('pending', '確認待ち'), ('approved', '承認'), ('rejected', '却下'), ('hidden', '非公開')], max_length=8, verbose_name='前の状態')),
                ('state_after', models.CharField(blank=True, choices=[('pending', '確認待ち'), ('approved', '承認'), ('rejected', '却下'), ('hidden', '非公開')], max_length=8, verbose_name='後の状態')),
                ('waited_seconds', models.BigIntegerField(blank=True, help_text='from submitted to decided', null=True)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='担当者')),
            ],
            options={
                'verbose_name': '記録',
                'verbose_name_plural': '記録',
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigIntegerField(default=tsushinbo.addresses.new_id, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60)),
                ('subject_id', models.BigIntegerField()),
                ('text', models.TextField(max_length=1000)),
                ('opened_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', '審査待ち'), ('upheld', '判断を維持'), ('granted', '判断を変更')], default='open', max_length=7)),
                ('answer', models.CharField(blank=True, help_text='why; the writer reads it', max_length=400)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entry', models.OneToOneField(help_text='the decision; one appeal against each', on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='moderation.logentry')),
            ],
            options={
                'verbose_name': '異議申立て',
                'verbose_name_plural': '異議申立て',
                'ordering': ('opened_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Ban',
            fields=[
                ('id', models.BigIntegerField(default=tsushinbo.addresses.new_id, primary_key=True, serialize=False)),
                ('network', models.CharField(blank=True, max_length=64)),
                ('reason', models.CharField(choices=[('defamation', '誹謗中傷'), ('privacy', '住所・家族・健康などの個人情報'), ('hate', '差別・憎悪をあおる内容'), ('threat', '脅迫・暴力をあおる内容'), ('indecent', '公序良俗に反する内容'), ('falsehood', '明らかに事実と異なる内容'), ('impersonation', 'なりすまし'), ('rights', '著作権などの権利の侵害'), ('advertisement', '宣伝・勧誘'), ('unrelated', '話題と関係がない内容'), ('unsourced', '出典から確認できない内容'), ('duplicate', '重複'), ('campaign', '選挙運動の決まりに反する内容'), ('takedown', '送信防止措置の申出'), ('other', 'その他')], max_length=14)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('begins_at', models.DateTimeField()),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bans', to=settings.AUTH_USER_MODEL)),
                ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '投稿の停止',
                'verbose_name_plural': '投稿の停止',
                'ordering': ('-begins_at', 'pk'),
                'indexes': [models.Index(condition=models.Q(('lifted_at__isnull', True)), fields=['account'], name='ban_of_account'), models.Index(condition=models.Q(('network', ''), _negated=True), fields=['network'], name='ban_of_network')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('network', '')), models.Q(('account__isnull', True), models.Q(('network', ''), _negated=True)), _connector='OR'), name='a_ban_is_of_an_account_or_a_network'), models.CheckConstraint(condition=models.Q(('account__isnull', False), ('until__isnull', False), _connector='OR'), name='a_ban_of_a_network_ends'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lifted_at__isnull', False), ('lifted_by__isnull', False)), _connector='OR'), name='a_ban_is_lifted_by_somebody')],
            },
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['-at', '-id'], name='log_newest'),
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['deed', '-at'], name='log_of_deed'),
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['kind', 'subject_id', '-at'], name='log_of_subject'),
        ),
        migrations.AddIndex(
            model_name='logentry',
            index=models.Index(fields=['actor', '-at'], name='log_of_actor'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['opened_at', 'id'], name='appeal_queue'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(fields=['kind', 'subject_id'], name='appeal_of_subject'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='an_appeal_is_open_until_somebody_decides'),
        ),
        OnlyAdded('LogEntry'),
    ]
