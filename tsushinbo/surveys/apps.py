"""Registers the room with Django."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """The room ``surveys``."""

    name = "tsushinbo.surveys"
    label = "surveys"
    verbose_name = "アンケート"
