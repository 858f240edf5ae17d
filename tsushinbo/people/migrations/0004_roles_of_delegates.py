from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_draw_by_office'),
    ]

    operations = [
        migrations.AddField(
            model_name='delegate',
            name='role',
            field=models.CharField(choices=[('holder', '代表'), ('team', 'メンバー')], default='holder', max_length=6),
        ),
    ]
