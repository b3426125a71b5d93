"""What the components write."""

from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.utils.translation import override

from glede.ui import gallery
from glede.ui.presenting import Day, DayColumn, DaySlot, PaletteItem, QueueRow, Slot, Verb, initials
from glede.ui.tags.forms import problems_of
from glede.ui.widgets import ChoiceCards


def draw(source: str, **values: Any) -> str:
    with override("en-gb"):
        return Template("{% load ui %}" + source).render(Context({"csrf_token": "mark"} | values))


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Kari Moe", "KM"),
        ("Dr Amal Haddad", "AH"),
        ("Åse Lind Øverås", "ÅØ"),
        ("Madonna", "M"),
        ("", ""),
        ("Anne-Lise Bø", "AB"),
        ("李 小龙", "李小"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_verb_is_a_link_a_form_or_a_button() -> None:
    assert draw('{% verb "Open" href="/x" %}').startswith('<a href="/x"')
    form = draw('{% verb "Arrived" key="a" post="/x" %}')
    assert '<form class="act" method="post" action="/x">' in form
    assert 'name="csrfmiddlewaretoken" value="mark"' in form
    assert 'data-key="a" aria-keyshortcuts="a"' in form
    assert '<button type="submit"' in draw('{% verb "Save" %}')
    assert '<button type="button" data-opens="sheet"' in draw('{% verb "Hand over" opens="sheet" %}')


def test_a_link_folds_before_its_code() -> None:
    words = "{% entry 'sent' %}Look: https://solberg.example/t/K7M4Q9XW2P3TB/ {{ link|safe }}{% endentry %}"
    drawn = draw(words, link='<a href="https://solberg.example/t/K7M4Q9XW2P3TB/">here</a>')
    assert "https://solberg.example/t/<wbr>K7M4Q9XW2P3TB/ " in drawn
    assert 'href="https://solberg.example/t/K7M4Q9XW2P3TB/"' in drawn


def test_names_are_never_markup() -> None:
    row = QueueRow("1", "<b>x</b>", Verb("<i>", href="/"), quote="<script>", words="<u>", group="<s>", meta=["<p>"])
    html = draw("{% queue_row row %}{% chip name %}", row=row, name="<b> <i>")
    for bad in ("<b>x", "<script", "<u>", "<s>", "<i>"):
        assert bad not in html
    assert "&lt;script&gt;" in draw("{% quote %}{{ words }}{% endquote %}", words="<script>")
    assert "&lt;script&gt;" in draw("{% bubble %}{{ words }}{% endbubble %}", words="<script>")


def test_the_row_with_the_keys_says_so() -> None:
    row = QueueRow("7", "Kari Moe", Verb("Call", key="c", href="/call"))
    assert 'id="row-7" data-row aria-current="true"' in draw("{% queue_row row current=True %}", row=row)
    assert "aria-current" not in draw("{% queue_row row %}", row=row)


def test_one_blade_is_warm() -> None:
    html = draw("{% iris 4 %}")
    assert html.count('class="now"') == 1
    assert 'aria-label="Step 4 of 10: Prepare"' in html
    assert 'class="to"' not in draw("{% iris 10 %}")
    assert 'class="on"' not in draw("{% iris 1 %}")


def test_a_finished_day_is_a_full_iris() -> None:
    assert 'class="now"' not in draw("{% day_iris 9 9 %}")
    assert 'class="now"' in draw("{% day_iris 8 9 %}")
    assert "0 of 0 done today" in draw("{% day_iris 0 0 %}")


def test_fewer_than_ten_are_too_few() -> None:
    assert "too few to say" in draw('{% metric "Half came back." points 9 %}', points=[1, 2])
    assert "(n = 10)" in draw('{% metric "Half came back." points 10 %}', points=[1, 2])


def test_a_form_says_what_to_do_and_leads_there() -> None:
    form = gallery.Example({"name": "", "mobile": "1", "why": "exam"})
    html = draw("{{ form }}", form=form)
    assert 'role="alert"' in html
    assert '<a href="#id_mobile">Enter a phone number with 8 digits, like 912 34 567</a>' in html
    assert 'id="id_mobile_error"' in html
    assert 'aria-describedby="id_mobile_helptext id_mobile_error"' in html
    assert "(optional)" in html
    assert next(problem.field_id for problem in problems_of(form)) == "id_name"


def test_an_unsent_form_has_no_errors() -> None:
    assert "errors" not in draw("{{ form }}", form=gallery.Example())


def test_choice_cards_are_radio_buttons_with_one_chosen() -> None:
    html = draw("{{ form }}", form=gallery.Example({"why": "fit"}))
    assert html.count('type="radio"') == 2
    assert html.count("checked") == 1
    assert "<small>20 minutes</small>" in html


def test_a_choice_widget_takes_plain_words_too() -> None:
    class Plain(forms.Form):
        how = forms.ChoiceField(widget=ChoiceCards(tight=True), choices=[("1", "Very good"), ("2", "Good")])

    html = draw("{{ form }}", form=Plain())
    assert '<div class="choices tight">' in html
    assert "<small>" not in html


def test_a_taken_time_cannot_be_taken() -> None:
    html = draw("{% slot_picker slots %}", slots=[Slot("a", "10am", taken=True), Slot("b", "2pm", chosen=True)])
    assert 'value="a" disabled' in html
    assert 'value="b" checked' in html


def test_a_day_stands_on_its_grid_without_a_style() -> None:
    day = Day([DayColumn("Amal", [DaySlot(1, 9, "Ane Ruud")])], [(0, "09")], now=4)
    html = draw("{% day_grid day strip=True %}", day=day)
    assert 'class="slot at-1 to-9"' in html
    assert "style" not in html


def test_the_palette_marks_its_first_answer() -> None:
    html = draw(
        "{% palette_items items %}", items=[PaletteItem("Kari Moe", "/k", name="Kari Moe"), PaletteItem("Book", "/b")]
    )
    assert html.count('aria-selected="true"') == 1
    assert 'id="found-2"' in html


def test_a_composer_keeps_a_draft_and_sends() -> None:
    html = draw(
        '{% composer action="/send" to="Kari" by="text" draft="/draft" words=words %}{% endcomposer %}',
        words="</textarea>",
    )
    assert '<glede-draft url="/draft">' in html
    assert "&lt;/textarea&gt;" in html
    assert 'aria-keyshortcuts="Control+Enter"' in html
