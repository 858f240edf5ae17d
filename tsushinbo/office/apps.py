"""Registers the room with Django."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The room ``office``."""

    name = "tsushinbo.office"
    label = "office"
    verbose_name = "事務所"
