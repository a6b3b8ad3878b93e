"""Bounces, links and channels: what becomes known beside what delivery itself sees."""

from __future__ import annotations

import io
from datetime import timedelta
from email.message import EmailMessage

import pytest

import ikd
from ikd import commands as do
from ikd import events
from ikd.adapters.notification.bounces import MAX_BOUNCE, read_bounce
from ikd.adapters.notification.console import ConsoleChannel
from ikd.cli.entry import main
from ikd.core.errors import InputError
from ikd.core.ports import Done

SYSTEM = ikd.Actor.system()
NOTICE = "0123456789abcdef" * 2


REPORT = """\
From: MAILER-DAEMON@example.net
Message-ID: <20261123030000.AB12CD34@mail.example.net>
MIME-Version: 1.0
Content-Type: multipart/{kind}; report-type=delivery-status; boundary="x"

--x
Content-Type: text/plain

This is the mail system. The mail couldn't be delivered.

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.net
{envelope}Arrival-Date: Mon, 23 Nov 2026 10:00:00 +0700

Final-Recipient: rfc822; warga@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--x
{returned}
--x--
"""
RETURNED = {
    "headers": "Content-Type: text/rfc822-headers\n\nMessage-ID: <{0}@example.id>\nSubject: IKD\n",
    "whole": "Content-Type: message/rfc822\n\nMessage-ID: <{0}@example.id>\nSubject: IKD\n\ntext\n",
}


def bounce(notice=NOTICE, *, action="failed", status="5.1.1", named="headers", kind="report"):
    """Return a report as RFC 3464 shows them, about the mail of a notice."""
    return REPORT.format(
        kind=kind,
        action=action,
        status=status,
        envelope=f"Original-Envelope-Id: {notice}\n" if named == "envelope" else "",
        returned=RETURNED.get(named, "Content-Type: text/plain\n\n").format(notice),
    ).encode()


@pytest.mark.parametrize("named", ["headers", "envelope", "whole"])
def test_a_bounce_names_the_notice_by_what_came_back_of_it(named):
    assert read_bounce(bounce(named=named)).notice_id == NOTICE


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("5.1.1", "mail.address"),
        ("5.2.1", "mail.address"),
        ("5.2.2", "mail.full"),
        ("5.4.7", "mail.expired"),
        ("5.7.26", "mail.policy"),
        ("5.0.0", "mail.bounced"),
        ("nonsense", "mail.bounced"),
    ],
)
def test_a_bounce_says_why_in_a_word_of_ours(status, code):
    """RFC 3463: who is at fault stands in the status, and no text of the server is kept."""
    assert read_bounce(bounce(status=status)).code == code


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff" * 100,
        bounce(action="delayed"),
        bounce(action="delivered"),
        bounce(kind="mixed"),
        bounce(named="nothing"),
        bounce("no notice"),
        bounce() + b" " * MAX_BOUNCE,
        EmailMessage().as_bytes(),
    ],
)
def test_what_is_no_failure_of_our_mail_is_none(data):
    assert read_bounce(data) is None


# --- taken in -----------------------------------------------------------------------------------


@pytest.fixture
def store(on_disk):
    return on_disk.store


def sent(service):
    (item,) = (one for one in service.owed(Done.SENT, actor=SYSTEM) if one.kind == "notice")
    return item


def report(world, capsys, data, monkeypatch):
    """Run the command on *data*; return its end and what it said."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    code = main(["mail", "report", "-", "--store", world.store])
    return code, capsys.readouterr().out


def test_the_command_takes_a_report_in_and_says_of_which_notice(
    on_disk, office, capsys, monkeypatch
):
    """Days later too: the PIN has died of age, and isn't counted any more."""
    walk = on_disk.walk(on_disk.open(), office)
    application_id = walk.to_pin()
    item = sent(walk.service)
    code, out = report(on_disk, capsys, bounce(item.id), monkeypatch)
    assert (code, out.split()) == (0, ["-:", item.id, "mail.address"])
    application = walk.service.get(application_id, actor=SYSTEM)
    assert (application.pins, application.unsent.code) == (0, "mail.address")
    assert [one.id for one in walk.service.owed(Done.UNDELIVERED, actor=SYSTEM)] == [item.id]


def test_a_bounced_pin_ends_and_gives_its_reissue_back(world, office):
    walk = world.walk(world.open(), office)
    application_id = walk.to_pin()
    item = sent(walk.service)
    assert walk.service.bounced(item.id, "mail.address")
    (end,) = (
        entry.event
        for entry in walk.service.history(application_id, actor=SYSTEM)
        if isinstance(entry.event, events.PinUndelivered)
    )
    assert (end.pin_id, end.code) == (item.subject, "mail.address")
    assert walk.service.get(application_id, actor=SYSTEM).pins == 0
    (row,) = walk.service.owed(Done.UNDELIVERED, actor=SYSTEM)
    assert (row.id, row.failure) == (item.id, "mail.address")


def test_a_bounce_that_comes_twice_or_late_changes_nothing_more(on_disk, office):
    walk = on_disk.walk(on_disk.open(), office)
    application_id = walk.to_pin()
    item = sent(walk.service)
    assert walk.enter_pin(application_id).status == "ACTIVATED"
    for code in ("mail.address", "mail.full", "mail.address"):
        assert walk.service.bounced(item.id, code)
    assert walk.service.owed(Done.UNDELIVERED, actor=SYSTEM) == ()
    assert walk.service.get(application_id, actor=SYSTEM).status.value == "ACTIVATED"


def test_a_bounced_rejection_is_shown_as_undelivered(on_disk, office):
    walk = on_disk.walk(on_disk.open(), office)
    application_id = walk.register().id
    decider = walk.officer(walk.office.decision.by)
    walk.ask(do.Reject(application_id=application_id), decider, "reject")
    item = sent(walk.service)
    assert walk.service.bounced(item.id, "mail.address")
    (row,) = walk.service.owed(Done.UNDELIVERED, actor=SYSTEM)
    assert (row.id, row.record_id) == (item.id, application_id)
    on_disk.clock.advance(timedelta(days=400))
    walk.service.deliver_due()
    assert len(walk.service.owed(Done.UNDELIVERED, actor=SYSTEM)) == 1  # until somebody sees to it


def test_a_bounce_of_no_mail_of_ours_is_told(on_disk, capsys, monkeypatch):
    on_disk.open()
    assert report(on_disk, capsys, bounce(), monkeypatch)[0] == 1
    assert report(on_disk, capsys, b"hello", monkeypatch)[0] == 1


# --- the page behind the mail's button ----------------------------------------------------------


def test_the_link_of_a_mail_says_whether_it_still_counts_and_nothing_else(world, contents):
    walk = world.walk(world.open(), "wakatobi")
    application_id = walk.to_pin()
    handle = sent(walk.service).id
    before = contents(walk.service)
    page = walk.service.opened(handle)
    assert page.counts
    assert contents(walk.service) == before
    assert application_id not in repr(page)
    walk.enter_pin(application_id)
    dead = walk.service.opened(handle)
    assert not dead.counts
    assert dead.public != page.public


def test_a_link_counts_no_longer_when_its_pin_has_died(world):
    walk = world.walk(world.open(), "wakatobi")
    application_id = walk.to_pin()
    handle = sent(walk.service).id
    world.clock.set(walk.service.get(application_id, actor=SYSTEM).pin.until)
    assert not walk.service.opened(handle).counts


@pytest.mark.parametrize("handle", ["", "x", "0" * 32, "\x00", "a" * 5000])
def test_any_text_may_be_a_handle(in_memory, handle):
    assert not in_memory.open().opened(handle).counts


def test_only_the_notice_s_own_id_is_a_handle(in_memory):
    """Ids of cases, PINs and questions stand in journals and logs: they open nothing."""
    walk = in_memory.walk(in_memory.open(), "wakatobi")
    application_id = walk.to_pin()
    pin_id = walk.service.get(application_id, actor=SYSTEM).pin.id
    assert not walk.service.opened(pin_id).counts
    assert not walk.service.opened(application_id).counts


# --- channels and standards ---------------------------------------------------------------------


def codes(service):
    return {(one.code, one.office, one.act, one.medium) for one in service.findings()}


def test_findings_compare_the_channels_with_every_office(in_memory):
    service = in_memory.open(channels=[ConsoleChannel(medium="email")])
    assert codes(service) == {
        ("channel.missing", "payakumbuh", "pin", "sms"),
        ("channel.missing", "payakumbuh", "rejection", "sms"),
    }
    clauses = {one.act: one.clause for one in service.findings()}
    assert clauses == {"pin": None, "rejection": "P29"}  # SMS is our default where P26 is open


def test_findings_tell_of_channels_that_nothing_is_sent_by(in_memory):
    channels = [ConsoleChannel(medium=one) for one in ("email", "sms", "whatsapp")]
    assert codes(in_memory.open(channels=channels)) == {("channel.unused", None, None, "whatsapp")}


def test_findings_tell_of_offices_that_nothing_reaches(in_memory):
    service = in_memory.open(channels=[], offices=["wakatobi"])
    assert codes(service) == {
        ("channel.unreached", "wakatobi", "pin", "email"),
        ("channel.unreached", "wakatobi", "rejection", "email"),
    }


def test_a_start_whose_channels_carry_a_pin_to_nobody_is_refused(in_memory):
    with pytest.raises(InputError, match=r"channels\.unreached.*wakatobi"):
        in_memory.open(channels=[ConsoleChannel(medium="sms")])


def test_whoever_leaves_delivery_to_others_needs_no_channels(in_memory):
    in_memory.open(channels=[ConsoleChannel(medium="sms")], deliver="worker")


def test_no_service_for_real_residents_starts_without_a_channel():
    with pytest.raises(InputError, match=r"channels\.unreached"):
        ikd.open_service(
            offices=["wakatobi"], settings={"production": True, "accept_file_keys": True}
        )


# --- what office check finds --------------------------------------------------------------------


@pytest.mark.parametrize("act", ["pin", "rejection"])
def test_an_office_whose_message_reaches_no_field_is_found(tmp_path, capsys, act):
    office = ikd.load_office("wakatobi").text
    table = office.index(f"[{act}]")
    media = office.index('kind = "email"', table)
    text = office[:media] + 'kind = "other"' + office[media + len('kind = "email"') :]
    file = tmp_path / "o.toml"
    file.write_text(text, "utf-8")
    assert main(["office", "check", str(file)]) == 1
    assert f"{act}.media: tidak mencapai satu isian pun" in capsys.readouterr().out
    older = tmp_path / "older.toml"
    older.write_text(text.replace("format = 2", "format = 1", 1), "utf-8")
    assert main(["office", "check", str(older)]) == 0
    assert f"format 2: {act}.media: tidak mencapai" in capsys.readouterr().out


def test_the_shipped_offices_reach_their_fields(capsys):
    assert main(["office", "check", "payakumbuh", "wakatobi"]) == 0
    assert "tidak mencapai" not in capsys.readouterr().out


def test_only_an_open_word_has_others_stand_for_it(tmp_path):
    text = ikd.load_office("payakumbuh").text.replace(
        '{ kind = "other", source = "P26"', '{ kind = "whatsapp", source = "P26"'
    )
    file = tmp_path / "o.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ikd.errors.OfficeFileError, match="for an open word only"):
        ikd.load_office(file)


def test_an_open_word_of_a_text_without_the_key_is_carried_by_nothing(tmp_path):
    """As every text is that was pinned before there was the key."""
    whole = ikd.load_office("payakumbuh").text
    start = whole.index(", stands = [")
    text = whole[:start] + whole[whole.index("  ] },\n", start) + 4 :]
    file = tmp_path / "o.toml"
    file.write_text(text, "utf-8")
    assert ikd.load_office(file).pin.media_kinds == ("email",)
