"""Registers the room with Django."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The room ``search``."""

    name = "tsushinbo.search"
    label = "search"
    verbose_name = "検索"
