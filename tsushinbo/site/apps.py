"""Registers the room with Django."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The room ``site``."""

    name = "tsushinbo.site"
    label = "tsushinbo_site"
    verbose_name = "サイト"
