"""``glede channels test``: one message over a configured channel, to an owner's own proved address and to no other."""

import argparse

from glede.config.terminal import Refused, Terminal

HELP = "send one message over a channel to the owner's own proved address"


def register(parser: argparse.ArgumentParser) -> None:
    """Take the word, the channel, and an address to be proved first."""
    words = parser.add_subparsers(metavar="test", required=True)
    test = words.add_parser("test", help="send one message to the owner's own address, once a code has proved it")
    test.add_argument("channel", metavar="NAME", choices=["email", "sms"], help="email or sms")
    test.add_argument("--prove", metavar="ADDRESS", help="first send a code to this address of the owner")
    test.add_argument("--code", metavar="CODE", help="the code that came there")


def run(args: argparse.Namespace, terminal: Terminal) -> int:
    """Send a code, take a code, or send the message; say what the provider answered."""
    from glede.channels.operations import NoAccount, OnlyPretended, Unusable, own
    from glede.config.choosing import chosen_practice
    from glede.kernel.actor import SYSTEM
    from glede.practices.queries import practice_now
    from glede.staff.models import Role
    from glede.staff.queries import colleagues

    practice = chosen_practice(args.practice)
    owner = next((one.membership_id for one in colleagues(practice.pk) if one.role == Role.OWNER), None)
    if owner is None:
        raise Refused("This practice has no owner yet.")
    mine = {
        "practice_id": practice.pk, "membership_id": owner, "channel": args.channel, "by": SYSTEM,
        "now": practice_now(practice),
    }  # fmt: skip
    try:
        if args.code:
            return _proved(own.prove_own_address(typed=args.code, **mine), terminal)
        if args.prove:
            asked = own.ask_own_address(address=args.prove, **mine)
            return _told(asked, terminal, "The code left. Give it with --code.")
        return _told(own.try_channel(**mine), terminal, "The provider took it. It should be there in a moment.")
    except own.NotProved as error:
        raise Refused(
            f"No address of the owner is proved. Begin with: glede channels test {args.channel} --prove ADDRESS"
        ) from error
    except NoAccount as error:
        raise Refused(f"No account for {args.channel} is set up, or it cannot be opened: see Settings.") from error
    except OnlyPretended as error:
        raise Refused("This practice has a clock that is moved by hand: nothing leaves it.") from error
    except Unusable as error:
        raise Refused(f"That is no {error.field}.") from error


def _proved(is_right: bool, terminal: Terminal) -> int:
    if not is_right:
        raise Refused("That is not the code, or it holds no longer. Send another with --prove.")
    terminal.answer({"proved": True}, "The address is proved. Now: glede channels test, without --code.")
    return 0


def _told(outcome: object, terminal: Terminal, success: str) -> int:
    from glede.outbox.transports import Accepted
    from glede.outbox.transports import Refused as No

    words = str(getattr(outcome, "words", ""))
    if isinstance(outcome, Accepted):
        terminal.answer({"outcome": "accepted", "words": ""}, success)
        return 0
    if isinstance(outcome, No):
        raise Refused(f"The provider did not take it: {words or outcome.reason or 'it gave no reason'}.")
    terminal.answer({"outcome": "unknown", "words": words}, f"Nobody can say whether it left ({words}): look there.")
    return 1
