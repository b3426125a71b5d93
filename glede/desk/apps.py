"""The room of the staff pages."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "glede.desk"

    def ready(self) -> None:
        """Give the rail its pages, and take part in erasing."""
        from glede.desk import handlers
        from glede.ui import shell

        handlers.register()

        for page in ("today", "diary", "people", "outbox", "own_day", "settings", "help"):
            shell.register_page(page, f"desk:{page}")
        shell.register_page("sign_out", "account_logout")
        shell.register_palette("desk:find")
        shell.register_clock("desk:clock", menu="desk/clock/menu.html")
        shell.register_menu("desk/today/_away.html")
        shell.register_fresh("desk:fresh", "desk:presence")
