"""The names of what can happen between colleagues."""

THANKS_GIVEN = "team.thanks.given"
THANKS_SEEN = "team.thanks.seen"
THANKS_WITHDRAWN = "team.thanks.withdrawn"
