"""The roles of RULES §6 that a registered person may hold. Each is a group of that name, made by a migration."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What somebody may do beyond a member. A politician is known by a verified claim, not by a group."""

    EDITOR = "editor", "編集者"
    MODERATOR = "moderator", "モデレーター"
    ADMINISTRATOR = "administrator", "管理者"
