"""Registers the room with Django."""

from django.apps import AppConfig


class ImportersConfig(AppConfig):
    """The room ``importers``."""

    name = "tsushinbo.importers"
    label = "importers"
    verbose_name = "取り込み"
