"""Registers the room with Django."""

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    """The room ``elections``."""

    name = "tsushinbo.elections"
    label = "elections"
    verbose_name = "選挙"

    def ready(self) -> None:
        """Refuse to start with rules of election mode that cannot be understood: a site that runs without them breaks the law."""
        from tsushinbo.elections.rules import in_force

        in_force()
