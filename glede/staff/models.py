"""Users and memberships (outside the wall); practitioners (inside)."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q

from glede.kernel.ids import new_id
from glede.practices.models import Practice, PracticeRow


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user; without a password none will ever match."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in, by e-mail address."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, default="en")
    single_keys = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        db_table = "outside_user"

    def __str__(self) -> str:
        return self.email


class Role(models.TextChoices):
    """What a colleague is in a practice; docs/roles.md says what each may do."""

    RECEPTIONIST = "receptionist"
    DISPENSING_OPTICIAN = "dispensing_optician"
    OPTOMETRIST = "optometrist"
    MANAGER = "manager"
    OWNER = "owner"


class Membership(models.Model):
    """A user's place in a practice. Ended, never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    display_name = models.CharField(max_length=100)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outside_membership"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "practice"], condition=Q(ended_at=None), name="one_membership_a_practice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.display_name} ({self.role})"


class Invitation(models.Model):
    """A place in a practice that is kept for somebody: one code on paper, good once and for a week."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role)
    display_name = models.CharField(max_length=100)
    code_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outside_invitation"

    def __str__(self) -> str:
        return f"{self.display_name} ({self.role})"


class DayFeed(models.Model):
    """The hash of the secret by which a colleague's own calendar fetches their day. Ended, never deleted.

    It opens nothing once the membership has ended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="day_feeds")
    secret_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outside_day_feed"
        constraints = [
            models.UniqueConstraint(fields=["membership"], condition=Q(ended_at=None), name="one_day_feed_a_membership")
        ]

    def __str__(self) -> str:
        return str(self.membership_id)


class Practitioner(PracticeRow):
    """Somebody patients are booked with. May or may not sign in. Ended, never deleted."""

    display_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    title = models.CharField(max_length=100, blank=True)
    membership_id = models.UUIDField(null=True)
    external_id = models.CharField(max_length=100, blank=True)
    sort = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "sort"], name="practitioners_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "external_id"], condition=~Q(external_id=""), name="one_practitioner_an_external_id"
            )
        ]

    def __str__(self) -> str:
        return self.display_name


class Presence(PracticeRow):
    """What a colleague has open at this moment, so that two do not write the same answer. Outside the record.

    ``seen_at`` is real time whatever clock the practice has; it stands for seconds, and is written over.
    """

    membership_id = models.UUIDField()
    subject_id = models.UUIDField()
    is_writing = models.BooleanField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "membership_id"], name="one_presence_a_colleague")]

    def __str__(self) -> str:
        return f"{self.membership_id} at {self.subject_id}"
