from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_forms_that_were_sent"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sentform",
            name="made",
            field=models.CharField(blank=True, max_length=120),
        ),
    ]
