"""What remains of an estimate that nobody has worked on is all of it."""

from django.db import migrations
from django.db.models import F


def fill(apps, schema_editor):
    items = apps.get_model("workplace", "WorkItem").objects
    items.filter(remaining_seconds=None).exclude(estimate_seconds=None).update(
        remaining_seconds=F("estimate_seconds")
    )


class Migration(migrations.Migration):
    dependencies = [("workplace", "0004_properties_and_sets")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
