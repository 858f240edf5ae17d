"""Where imported facts come from: one row per outside dataset, with its licence."""

from django.db import models


class Dataset(models.Model):
    """A published collection of facts, at one commit or date, that rows of this site were taken from."""

    key = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500)
    revision = models.CharField(max_length=80, blank=True)
    revised_on = models.CharField(max_length=10, blank=True)
    licence = models.CharField(max_length=300)
    attribution = models.TextField()
    used_for = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("key",)
        verbose_name = "データの出典"
        verbose_name_plural = "データの出典"

    def __str__(self) -> str:
        return self.key
