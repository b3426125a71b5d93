"""The services a new practice begins with: usual minutes (our choice), names, no prices yet."""

from glede.catalogue.rules import ServiceForm

GLASSES = {"en": "Your glasses and a list of your medicines.", "nb": "Brillene dine og en liste over medisinene dine."}
LENSES = {
    "en": "Your lenses and their boxes, and your glasses.",
    "nb": "Linsene og eskene deres, og brillene dine.",
}

USUAL = (
    ServiceForm("eye-test", {"en": "Eye test", "nb": "Synsprøve"}, 40, 5, what_to_bring=GLASSES, sort=1),
    ServiceForm(
        "first-eye-test", {"en": "First eye test with us", "nb": "Første synsprøve hos oss"}, 50, 5,
        for_new=True, what_to_bring=GLASSES, sort=2,
    ),
    ServiceForm("child-eye-test", {"en": "Eye test for a child", "nb": "Synsprøve for barn"}, 40, 5, sort=3),
    ServiceForm("lens-check", {"en": "Contact lens check", "nb": "Linsekontroll"}, 20, 5, what_to_bring=LENSES, sort=4),
    ServiceForm("lens-fitting", {"en": "New contact lenses", "nb": "Linsetilpasning"}, 45, 5, sort=5),
    ServiceForm("choose-glasses", {"en": "Choose glasses", "nb": "Velge briller"}, 30, 0, sort=6),
    ServiceForm("collect", {"en": "Collect and fit", "nb": "Henting og tilpasning"}, 15, 0, sort=7),
    ServiceForm("red-eye", {"en": "Red or sore eye", "nb": "Rødt eller sårt øye"}, 30, 0, sort=8),
)  # fmt: skip
