"""Which account asked to keep its ballots together (評価の結び付け): only on request, and unreadable to who has the database alone."""

from django.db import models


class JoinedVoter(models.Model):
    """The voter's number of one account that asked for it. Neither can be read here: both keys are hashes and the number is encrypted, all under
    the secret key, which lies beside the database and not in it. docs/decisions tells why.
    """

    account_key = models.CharField(max_length=64, primary_key=True, help_text="keyed hash of the account")
    voter_key = models.CharField(
        max_length=64, unique=True, help_text="keyed hash of the voter's number: one account each"
    )
    sealed = models.CharField(max_length=200, help_text="the voter's number, encrypted")
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name = "評価の結び付け"
        verbose_name_plural = "評価の結び付け"

    def __str__(self) -> str:
        return f"{self.joined_at:%Y-%m-%d}"
