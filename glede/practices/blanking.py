"""Rows whose words may be blanked when a person is erased, and changed in no other way.

For tables that are append-only but for erasure: PostgreSQL refuses every UPDATE that does anything
but empty the named column, and every DELETE and TRUNCATE, for the owner too.
"""

from django.db import migrations

from glede.practices.walls import application_role

FUNCTION = """
create or replace function glede_only_blanked() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if to_jsonb(new) - tg_argv[0] = to_jsonb(old) - tg_argv[0] and to_jsonb(new) ->> tg_argv[0] = '' then
      return new;
    end if;
  end if;
  raise exception '% is append-only; its % may only be blanked', tg_table_name, tg_argv[0] using errcode = '23514';
end $$
"""


class OnlyBlanked(migrations.RunSQL):
    """Let ``column`` of ``table`` be emptied and nothing else be changed. Stands before ``Walls``."""

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column
        super().__init__(
            [
                FUNCTION,
                f'create trigger only_blanked before update or delete on "{table}" '
                f"for each row execute function glede_only_blanked('{column}')",
                f'create trigger only_blanked_whole before truncate on "{table}" '
                f"for each statement execute function glede_only_blanked('{column}')",
            ],
            reverse_sql=migrations.RunSQL.noop,
        )

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what Django writes in a migration file."""
        return "OnlyBlanked", [self.table, self.column], {}


class BlankedAfterAll(OnlyBlanked):
    """Let ``column`` of a table that ``Walls`` made append-only be emptied after all, and nothing else be changed."""

    def __init__(self, table: str, column: str) -> None:
        super().__init__(table, column)
        self.sql = [
            f'drop trigger append_only on "{table}"',
            f'drop trigger append_only_whole on "{table}"',
            *self.sql,
            f'grant update ("{column}") on "{table}" to {application_role()}',
        ]

    def deconstruct(self) -> tuple[str, list[str], dict[str, str]]:
        """Return what Django writes in a migration file."""
        return "BlankedAfterAll", [self.table, self.column], {}
