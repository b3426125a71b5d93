"""What was and what comes are written down in one statement where both are known."""

from typing import ClassVar

from django.db import migrations

from glede.outbox.beginning import FUNCTION


class Migration(migrations.Migration):
    """The function says the same as before, in one insert where there were two."""

    dependencies: ClassVar = [("outbox", "0010_cannot_use")]
    operations: ClassVar = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
