"""Registers the room with Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class SearchConfig(AppConfig):
    """The room ``search``."""

    name = "tsushinbo.search"
    label = "search"
    verbose_name = "検索"

    def ready(self) -> None:
        """Bring what the index needs to each connection."""
        from tsushinbo.search.engine.keeping import bring_functions

        connection_created.connect(bring_functions, dispatch_uid="search_functions")
