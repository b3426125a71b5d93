"""What the outbox does: plan, claim, settle, and what colleagues and patients ask of it."""

from glede.outbox.operations.advertising import NewCampaign, NotTheOwner, UnusableCampaign, check_words
from glede.outbox.operations.campaigning import (
    NoSuchCampaign,
    NotInThisState,
    end_stopped,
    make_campaign,
    show_campaign,
    start_campaign,
    stop_campaign,
    unfold_all,
    unfold_campaign,
)
from glede.outbox.operations.claiming import claim_batch
from glede.outbox.operations.comparing import Told, untold
from glede.outbox.operations.desk import (
    AlreadyLeft,
    NoSuchMessage,
    hand_message,
    hold_message,
    release_message,
    send_now,
    stop_message,
)
from glede.outbox.operations.foreseeing import Ahead, foresee
from glede.outbox.operations.keepsakes import mail_checkpoint
from glede.outbox.operations.narrowing import narrow_sending
from glede.outbox.operations.planning import Planned, end_rehearsal, plan_touches, skip_touches
from glede.outbox.operations.recognising import stop_if_put_back
from glede.outbox.operations.reconciling import reconcile
from glede.outbox.operations.releasing import release_held
from glede.outbox.operations.replying import ReplyToSend, send_reply
from glede.outbox.operations.reporting import Report, take_report
from glede.outbox.operations.returning import Twin, doubt_what_was_due, take_over_fates
from glede.outbox.operations.settling import begin, expire_leases, settle
from glede.outbox.operations.trials import Trial, send_trial
from glede.outbox.operations.unsubscribing import NoSuchToken, unsubscribe
from glede.practices.operations import AwaitsOwner, resume, stop_all

__all__ = [
    "Ahead",
    "AlreadyLeft",
    "AwaitsOwner",
    "NewCampaign",
    "NoSuchCampaign",
    "NoSuchMessage",
    "NoSuchToken",
    "NotInThisState",
    "NotTheOwner",
    "Planned",
    "ReplyToSend",
    "Report",
    "Told",
    "Trial",
    "Twin",
    "UnusableCampaign",
    "begin",
    "check_words",
    "claim_batch",
    "doubt_what_was_due",
    "end_rehearsal",
    "end_stopped",
    "expire_leases",
    "foresee",
    "hand_message",
    "hold_message",
    "mail_checkpoint",
    "make_campaign",
    "narrow_sending",
    "plan_touches",
    "reconcile",
    "release_held",
    "release_message",
    "resume",
    "send_now",
    "send_reply",
    "send_trial",
    "settle",
    "show_campaign",
    "skip_touches",
    "start_campaign",
    "stop_all",
    "stop_campaign",
    "stop_if_put_back",
    "stop_message",
    "take_over_fates",
    "take_report",
    "unfold_all",
    "unfold_campaign",
    "unsubscribe",
    "untold",
]
