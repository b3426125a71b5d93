"""Sofie sets a second factor, signs out, and comes in with password and code."""

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.walks.desk import Desk
from tests.walks.stage import PASSWORD, Stage, sign_up


def code(secret: str) -> str:
    """Return what an app shows now for a secret."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def test_the_owner_is_asked_for_a_second_factor_and_uses_it(desk: Desk, stage: Stage) -> None:
    sign_up(stage, "sofie")
    sofie = f"sofie@{stage.house.practice.slug}.example"
    desk.when_opening("/")
    desk.when_signing_in(sofie)
    desk.then_reads("A second factor keeps others out.")
    desk.when_opening("/accounts/2fa/totp/activate/")
    desk.then_reads("Is it you?")
    desk.page.fill("input[name=password]", PASSWORD)
    desk.page.keyboard.press("Enter")
    desk.then_reads("A code from an app")
    secret = desk.page.inner_text("code.secret")
    desk.page.fill("input[name=code]", code(secret))
    desk.page.keyboard.press("Enter")
    desk.then_reads("Codes for a bad day")
    codes = desk.page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    desk.when_opening("/accounts/2fa/")
    desk.then_reads("It is on: you are asked for a code when you sign in.")
    desk.when_opening("/")
    desk.then_reads_no("A second factor keeps others out.")
    desk.when_opening("/accounts/logout/")
    desk.page.keyboard.press("Tab")
    desk.page.click("main button")
    desk.when_opening("/")
    desk.when_signing_in(sofie)
    desk.then_is_at("/2fa/authenticate/")
    desk.then_nothing_stands_in_the_way()
    desk.page.fill("input[name=code]", codes[0])
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(re.compile(r":\d+/$"))
    desk.then_reads("Good morning, Sofie.")


def test_a_wrong_password_is_told_kindly_and_keeps_the_address(desk: Desk, stage: Stage) -> None:
    desk.when_opening("/accounts/login/")
    desk.page.fill("input[name=login]", "nobody@solberg.example")
    desk.page.fill("input[name=password]", "not this one at all")
    desk.page.keyboard.press("Enter")
    desk.then_reads("not correct")
    assert desk.page.input_value("input[name=login]") == "nobody@solberg.example"
    desk.then_nothing_stands_in_the_way()
