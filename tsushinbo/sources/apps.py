"""Registers the room with Django."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """The room ``sources``."""

    name = "tsushinbo.sources"
    label = "sources"
    verbose_name = "データの出典"
