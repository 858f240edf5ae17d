"""What a log-in goes through on its way."""

from allauth.account import stages
from allauth.account.models import EmailAddress
from django.http import HttpResponse

from tsushinbo.accounts.models import User


class EmailVerificationStage(stages.EmailVerificationStage):
    """As allauth's, but staff who have no address at all (`tsushinbo createadmin` without --email) have none to confirm."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Return an answer that interrupts the log-in, or None to go on."""
        user = self.login.user
        if (
            isinstance(user, User)
            and user.is_staff
            and not user.email
            and not EmailAddress.objects.filter(user=user).exists()
        ):
            return None, True
        outcome: tuple[HttpResponse | None, bool] = super().handle()  # type: ignore[no-untyped-call]
        return outcome
