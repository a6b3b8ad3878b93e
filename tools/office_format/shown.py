"""Keys of an office file that are shown and do nothing else, each with the reason.

A value that changes nothing without being listed here would be decoration: a test changes every
value of the shipped files and looks for a difference.
"""

from __future__ import annotations

from collections.abc import Mapping

_PAGE = "residents and officers read it; it describes the office"
_TEXT = "the office's own words, read beside what the other keys make happen"
_HANDLING = "officers read it; complaints are followed up by people"
_SOURCE = "says what the file rests on; the sources of values are checked against it"

SHOWN: Mapping[str, str] = {
    "about.short_name": _PAGE,
    "about.government": _PAGE,
    "about.region": "names the office's city; a NIK tells where it was issued, not where one lives",
    "about.address": _PAGE,
    "about.postcode": _PAGE,
    "about.phone": _PAGE,
    "about.phone_normal": _PAGE,
    "about.website": _PAGE,
    "words.service": _TEXT,
    "words.product": _TEXT,
    "words.stores[]": "ikd sends no link to an app, so that nobody learns to trust one",
    "words.warnings[]": "every PIN message carries ikd's own warning, in words that were checked",
    "decree.number": _PAGE,
    "decree.dated": _PAGE,
    "decree.replaces": _PAGE,
    "requirements[].label": _TEXT,
    "steps[].published[].number": _TEXT,
    "steps[].published[].text": _TEXT,
    "steps[].published[].branch": _TEXT,
    "steps[].published[].further": _SOURCE,
    "registration.fields[].label": _TEXT,
    "registration.button": "the front end puts it on its own button; registering is the act itself",
    "registration.terms": "the front end shows them; consent says whether they must be accepted",
    "registration.terms.text": "the front end shows it; that it was accepted is what counts",
    "registration.terms.accept": "the front end puts it on its button",
    "biometric.methods[].where": "whoever takes the sample knows where; ikd isn't told",
    "biometric.pending": "the front end shows it while the registry's question is open",
    "presence.qr": "a visit always pairs the phone by a QR, so that a mailed PIN binds no stranger",
    "presence.shown_on": "the station's screen is the front end's",
    "presence.places[].kind": "people find the place; a station is bound to an office, not to it",
    "presence.places[].name": "people find the place",
    "presence.places[].condition": "people judge it",
    "presence.places[].begin": "people find the place; a registration comes from a phone",
    "presence.places[].finish": "people find the place; who may scan is the operator's office",
    "presence.domicile": "the registry doesn't tell where one lives; an officer asks",
    "officers[].title": _TEXT,
    "officers[].may": "ikd logs nobody in: the front end gives roles to those who hold the title",
    "pin.carried": "a message holds the digits and never a link with them: links end in logs",
    "pin.captcha_place": "the front end shows the puzzle where it is",
    "pin.buttons.<name>.if_asked": "the front end asks, or doesn't",
    "rejection.informs": "a rejection says as little as a stranger who reads it may learn",
    "sign_in.fate": "the PIN signs in once, whatever is published: it came by mail",
    "credential.reader": _TEXT,
    "sla.intro": _TEXT,
    "sla.clauses[].proviso": _TEXT,
    "calendar.hours[].season": "names the season; its days are what counts",
    "calendar.closures[].reason": _TEXT,
    "fee.amount": "ikd takes no money",
    "fee.words": _TEXT,
    "complaints.channels[].text": _TEXT,
    "complaints.channels[].label": _TEXT,
    "complaints.channels[].handle": _TEXT,
    "complaints.channels[].handle_normal": "programmes dial it",
    "complaints.channels[].owner": _TEXT,
    "complaints.channels[].addressee": _TEXT,
    "complaints.channels[].routes[]": _TEXT,
    "complaints.channels[].external": _HANDLING,
    "complaints.steps[].optional": _HANDLING,
    "complaints.facilities[]": _HANDLING,
    "complaints.team": _HANDLING,
    "complaints.unit": _HANDLING,
    "complaints.intro": _TEXT,
    "complaints.steps_intro": _TEXT,
    "complaints.team_intro": _TEXT,
    "complaints.facilities_intro": _TEXT,
    "complaints.anonymous": _HANDLING,
    "recovery[].event": _TEXT,
    "recovery[].text": _TEXT,
    "components[].number": _TEXT,
    "components[].title": _TEXT,
    "components[].text": _TEXT,
    "components[].items[]": _TEXT,
    "laws[]": _TEXT,
    "evidence[].kind": _SOURCE,
    "evidence[].title": _SOURCE,
    "evidence[].address": _SOURCE,
    "evidence[].read": _SOURCE,
    "evidence[].page": _SOURCE,
    "evidence[].conflict": _SOURCE,
    "informative[].clause": _SOURCE,
    "informative[].why": _SOURCE,
    "informative[].quote": _SOURCE,
    "informative[].text": _TEXT,
}
"""Reason by key; a key that isn't here acts."""

PARTLY: Mapping[str, str] = {
    "about.name": "acts where no full_name is published: messages name the office by it",
    "decree.effective_from": "answers decree.in_force(day); nobody is turned away for it",
    "decree.effective_until": "answers decree.in_force(day); nobody is turned away for it",
    "registration.fields[].required": "the NIK is needed whatever stands there",
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
