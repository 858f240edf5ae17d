from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evaluations', '0009_held_without_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='scorerun',
            name='left_out',
            field=models.CharField(blank=True, default='', help_text='who stood in an election and has no place', max_length=64),
        ),
    ]
