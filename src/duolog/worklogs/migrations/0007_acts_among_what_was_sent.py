from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_longer_names_of_what_was_made"),
        ("worklogs", "0006_number_acts_and_hidden_issues"),
    ]

    operations = [
        migrations.RunSQL(
            "INSERT INTO people_sentform (member_id, number, said, made, at) "
            "SELECT member_id, number, said, '', begun_at FROM worklogs_worklogact "
            "WHERE true ON CONFLICT DO NOTHING",
            migrations.RunSQL.noop,
        ),
        migrations.DeleteModel(name="WorklogAct"),
    ]
