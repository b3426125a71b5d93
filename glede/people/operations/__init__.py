"""What can be done to what we know of a person. The only place where this room's rows are written."""

from glede.people.operations.asking import Answer, answer_question
from glede.people.operations.bulk import add_patients
from glede.people.operations.consent import opt_out, record_consent
from glede.people.operations.contacts import (
    ContactEnded,
    UnreadableContact,
    add_contact,
    end_contact,
    note_landline,
    set_preference,
)
from glede.people.operations.detaching import detach_address, detach_contact
from glede.people.operations.erasure import erase_patient
from glede.people.operations.formats import note_format, review_formats
from glede.people.operations.holding import NoSuchHold, hold_messages, release_messages
from glede.people.operations.likening import PUT_OFF, note_likenesses, put_off_pair
from glede.people.operations.listing import bring_people
from glede.people.operations.merging import CannotMerge, merge_patients, reconsider, tell_apart, unmerge_patient
from glede.people.operations.origins import ORIGINS, record_origin
from glede.people.operations.patients import (
    CannotGuard,
    NobodyNamed,
    NoSuchPatient,
    add_patient,
    change_patient,
    join_household,
    set_guardian,
)
from glede.people.operations.rights import NoSuchRequest, Wanted, answer_right, ask_for_right
from glede.people.operations.wishing import take_wishes
from glede.people.operations.words import DayHasPassed, NoSuchNeed, NoWords, end_need, note_need, write_note

__all__ = [
    "ORIGINS",
    "PUT_OFF",
    "Answer",
    "CannotGuard",
    "CannotMerge",
    "ContactEnded",
    "DayHasPassed",
    "NoSuchHold",
    "NoSuchNeed",
    "NoSuchPatient",
    "NoSuchRequest",
    "NoWords",
    "NobodyNamed",
    "UnreadableContact",
    "Wanted",
    "add_contact",
    "add_patient",
    "add_patients",
    "answer_question",
    "answer_right",
    "ask_for_right",
    "bring_people",
    "change_patient",
    "detach_address",
    "detach_contact",
    "end_contact",
    "end_need",
    "erase_patient",
    "hold_messages",
    "join_household",
    "merge_patients",
    "note_format",
    "note_landline",
    "note_likenesses",
    "note_need",
    "opt_out",
    "put_off_pair",
    "reconsider",
    "record_consent",
    "record_origin",
    "release_messages",
    "review_formats",
    "set_guardian",
    "set_preference",
    "take_wishes",
    "tell_apart",
    "unmerge_patient",
    "write_note",
]
