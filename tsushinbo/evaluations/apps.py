"""Registers the room with Django."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """The room ``evaluations``."""

    name = "tsushinbo.evaluations"
    label = "evaluations"
    verbose_name = "評価"
