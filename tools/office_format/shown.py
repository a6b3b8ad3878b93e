"""Keys of an office file that are shown and do nothing else, each with the reason.

A value that changes nothing without being listed here would be decoration: a test changes every
value of the shipped files and looks for a difference.
"""

from __future__ import annotations

from collections.abc import Mapping

from ikd.data.shown_only import shown_only

SHOWN: Mapping[str, str] = {
    key: reason.words["en"] for reason in shown_only() for key in reason.keys
}
"""Reason by key; a key that isn't here acts."""

PARTLY: Mapping[str, str] = {
    "about.name": "acts where no full_name is published: messages name the office by it",
    "decree.effective_from": "acts in files of format 2; in the first it is shown",
    "decree.effective_until": "acts where another version of the standard is served",
    "registration.fields[].required": "the NIK is needed whatever stands there",
    "presence.check_code_tries": "acts where the resident reads the office's QR",
    "quotas.messages_an_address": "acts on what is sent before the visit",
    "presence.places[].kind": "acts where the front end states the operator's place",
    "presence.places[].begin": "acts likewise: false refuses to register there",
    "presence.places[].finish": "acts likewise: false refuses the visit there",
    "officers[].title": "acts where the front end states the officer's title",
    "officers[].may": "acts likewise: what is given to some titles is theirs alone",
    "calendar.hours[].opens": "answers calendar.is_open; whoever serves outside the hours may",
    "calendar.hours[].closes": "answers calendar.is_open; whoever serves outside the hours may",
    "calendar.hours[].break_from": "answers calendar.is_open",
    "calendar.hours[].break_until": "answers calendar.is_open",
    "presence.confirm_within": "acts where the resident reads the office's QR",
    "steps[].by": "of biometric, presence and activate it is shown: the acts themselves say who",
    "steps[].performed_by": "of register and presence it is shown: the visit pairs through ikd "
    "even where SIAK scans",
    "pin.buttons.<name>.label": "mail acts; the others are the front end's buttons",
    "complaints.steps[].name": "acts where a clock ends with the step; people do what it says",
    "complaints.steps[].text": "acts where a clock ends with the step: the limit is told with it",
    "complaints.channels[].kind": "acts where the channel is asked for by its kind, not its id",
}
"""Where a key acts in part only, in words."""
