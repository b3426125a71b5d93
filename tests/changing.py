"""The scenes of the operations behind the settings pages."""

from datetime import date, time, timedelta
from typing import Any

from glede.catalogue.operations import end_service
from glede.diary.apart import Kept
from glede.diary.operations import (
    NewLeave,
    NewUrgentTimes,
    end_facility,
    end_leave,
    keep_urgent_times,
    set_working_hours,
)
from glede.diary.queries import appointment_for
from glede.diary.queries.leaves import urgent_times
from glede.journeys.document import Spot
from glede.journeys.operations import set_wording
from glede.journeys.wording import Words
from glede.kernel.actor import colleague
from glede.kernel.periods import Span
from glede.practices.operations import (
    USUAL_WEEK,
    NewException,
    OfferedOnline,
    OnlineBooking,
    add_exception,
    change_settings,
    set_opening_hours,
)
from glede.staff.models import Role
from glede.staff.operations import change_role, end_practitioner, open_day_feed
from glede.team.operations import NewThanks, thank_colleague
from tests.estate import Estate
from tests.scenery import Scene, given

SPOT = Spot("6", "visit", "nb", "sms")
OWN = Words("{name}: i morgen hos {practice}. {link}", "Hei {name}! Vi sees hos {practice}. {link}")
SATURDAY = Span(5, time(10), time(14))


def _far(estate: Estate) -> NewException:
    day = estate.house.now.date() + timedelta(days=30)
    return NewException(day, day)


def _exception(estate: Estate) -> Any:
    from glede.practices.queries import exceptions, practice_by_id

    add_exception(new=_far(estate), **given(estate))
    return exceptions(practice_by_id(estate.house.id), from_=date.min)[0].id


def _closed(estate: Estate) -> None:
    day = _day(estate)
    add_exception(new=NewException(day, day), **given(estate))


def _day(estate: Estate) -> date:
    return appointment_for(estate.house.id, estate.ids["appointment_id"]).day


def _hand(estate: Estate) -> dict[str, Any]:
    return {"practitioner_id": next(iter(estate.house.chairs.values()))}


def _mine(estate: Estate) -> dict[str, Any]:
    return {"membership_id": estate.house.colleagues["amal"]}


def _thanks(estate: Estate) -> NewThanks:
    return NewThanks(estate.house.colleagues["ingrid"], "Takk", estate.ids["patient_id"])


def _service(estate: Estate) -> dict[str, Any]:
    return {"service_id": estate.ids["service_id"]}


def _room(estate: Estate) -> dict[str, Any]:
    return {"facility_id": estate.ids["facility_id"]}


def _leave(estate: Estate) -> NewLeave:
    return NewLeave(estate.ids["practitioner_id"], "course", _day(estate), _day(estate) + timedelta(days=1))


KEPT = NewUrgentTimes(None, (Kept(5, time(9), time(10), 0, time(8)),))


def _kept(estate: Estate) -> dict[str, Any]:
    keep_urgent_times(new=KEPT, **given(estate))
    return {"urgent_time_id": next(one.id for one in urgent_times(estate.house.id) if one.kept in KEPT.kept)}


def _online(estate: Estate) -> OnlineBooking:
    offered = OfferedOnline(estate.ids["service_id"], {"en": "Eye test", "nb": "Synsprøve"})
    return OnlineBooking(is_open=True, services=[offered], name="rolled-back-optics")


SCENES: dict[str, Scene] = {
    "diary.take_leave": Scene(lambda e: {"new": _leave(e)}),
    "diary.end_leave": Scene(lambda e: {"leave_id": e.ids["leave_id"]}),
    "diary.undo_leave": Scene(lambda e: {"change_id": end_leave(leave_id=e.ids["leave_id"], **given(e))}),
    "diary.keep_urgent_times": Scene(lambda e: {"new": KEPT}),
    "diary.end_urgent_time": Scene(_kept),
    "diary.undo_urgent_times": Scene(lambda e: {"change_id": keep_urgent_times(new=KEPT, **given(e))}),
    "diary.add_facility": Scene(lambda e: {"kind": "device", "name": "OCT", "serves_as": "oct"}),
    "diary.end_facility": Scene(_room),
    "diary.bring_back_facility": Scene(_room, lambda e: end_facility(**_room(e), **given(e))),
    "practices.change_online_booking": Scene(lambda e: {"online": _online(e)}),
    "practices.change_settings": Scene(lambda e: {"changes": {"answer_minutes": 61}}),
    "practices.undo_settings": Scene(
        lambda e: {"change_id": change_settings(changes={"answer_minutes": 62}, **given(e))}
    ),
    "practices.set_opening_hours": Scene(lambda e: {"spans": [*USUAL_WEEK, SATURDAY]}),
    "practices.add_exception": Scene(lambda e: {"new": _far(e)}),
    "practices.end_exception": Scene(lambda e: {"exception_id": _exception(e)}),
    "practices.take_holidays": Scene(lambda e: {"year": 2027}),
    "catalogue.bring_back_service": Scene(_service, lambda e: end_service(**_service(e), **given(e))),
    "catalogue.undo_service": Scene(lambda e: {"change_id": end_service(**_service(e), **given(e))}),
    "staff.change_practitioner": Scene(lambda e: {**_hand(e), "changes": {"title": "Optiker"}}),
    "staff.bring_back_practitioner": Scene(_hand, lambda e: end_practitioner(**_hand(e), **given(e))),
    "staff.undo_practitioner": Scene(lambda e: {"change_id": end_practitioner(**_hand(e), **given(e))}),
    "staff.open_day_feed": Scene(_mine),
    "staff.close_day_feed": Scene(_mine, lambda e: open_day_feed(**_mine(e), **given(e))),
    "staff.undo_role": Scene(lambda e: {"change_id": change_role(**_mine(e), role=Role.MANAGER, **given(e))}),
    "diary.change_clinician": Scene(lambda e: {**_hand(e), "changes": {"title": "Optiker"}, "spans": [SATURDAY]}),
    "diary.undo_clinician": Scene(lambda e: {"change_id": set_working_hours(**_hand(e), spans=[SATURDAY], **given(e))}),
    "journeys.set_wording": Scene(lambda e: {"spot": SPOT, "words": OWN}),
    "journeys.undo_wording": Scene(lambda e: {"change_id": set_wording(spot=SPOT, words=OWN, **given(e))}),
    "outbox.narrow_sending": Scene(lambda e: {"narrowed": {"off": ["thanks"]}}),
    "team.thank_colleague": Scene(lambda e: {"thanks": _thanks(e)}),
    "team.see_thanks": Scene(
        lambda e: {"by": colleague(e.house.colleagues["ingrid"])},
        lambda e: thank_colleague(thanks=_thanks(e), **given(e)),
    ),
    "team.withdraw_thanks": Scene(lambda e: {"thanks_id": thank_colleague(thanks=_thanks(e), **given(e)).pk}),
    "diary.settle_days": Scene(lambda e: {"days": [_day(e)]}, _closed),
    "practices.undo_hours": Scene(lambda e: {"change_id": set_opening_hours(spans=[SATURDAY], **given(e))}),
}
