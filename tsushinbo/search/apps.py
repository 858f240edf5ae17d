"""Registers the room with Django."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class SearchConfig(AppConfig):
    """The room ``search``."""

    name = "tsushinbo.search"
    label = "search"
    verbose_name = "検索"

    def ready(self) -> None:
        """Bring what the index needs to each connection, and watch the tables that documents are made of."""
        from tsushinbo.search.engine.keeping import bring_functions
        from tsushinbo.search.watching import let_go, watch

        connection_created.connect(bring_functions, dispatch_uid="search_functions")
        pre_migrate.connect(let_go, sender=self, dispatch_uid="search_lets_go")
        post_migrate.connect(watch, sender=self, dispatch_uid="search_watches")
