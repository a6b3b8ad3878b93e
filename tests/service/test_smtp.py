"""Delivery through real mail servers on free ports: some that behave, and some that don't."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import threading
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller

import ikd
from ikd import commands as do
from ikd import events
from ikd.adapters.notification.file import FileChannel
from ikd.adapters.notification.smtp import SmtpChannel
from ikd.core.ports import Done
from ikd.testing.mailbox import Mailbox

MINUTE = timedelta(minutes=1)


class Server:
    """Takes mail, unless replies are left: then each answers one recipient."""

    def __init__(self):
        self.replies = []
        self.mails = []
        self.asked = 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        self.asked += 1
        if self.replies:
            return self.replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        read = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((tuple(envelope.rcpt_tos), read))
        return "250 taken"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def channel(port):
    return SmtpChannel(
        "127.0.0.1",
        port,
        sender_address="siak@example.id",
        starttls=False,
        timeout=4,
        end=4,
    )


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def port(server):
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


@pytest.fixture
def walk(in_memory, office, port):
    return in_memory.walk(in_memory.open(channels=[channel(port)]), office)


def later(world, service, times=1, wait=MINUTE):
    for _ in range(times):
        world.clock.advance(wait)
        service.deliver_due()


def test_the_pin_arrives_in_one_mail_to_one_recipient(walk, server):
    walk.to_pin()
    ((recipients, mail),) = server.mails
    assert recipients == (walk.walker.email,)
    assert walk.walker.nik not in mail.as_string()


def test_451_is_tried_again_under_the_same_message_id_until_it_is_sent(walk, server, in_memory):
    server.replies = ["451 later"] * 3
    walk.to_pin()
    (item,) = walk.service.owed(actor=ikd.Actor.system())
    assert (item.failure, item.attempts) == ("channel.recipient_deferred", 1)
    later(in_memory, walk.service, 10)
    assert server.asked == 4
    ((_, mail),) = server.mails
    assert mail["Message-ID"] == f"<{item.id}@example.id>"
    assert walk.service.owed(actor=ikd.Actor.system()) == ()


def test_550_ends_a_pin_where_no_other_medium_is_published_and_costs_no_reissue(
    in_memory, server, port
):
    walk = in_memory.walk(in_memory.open(channels=[channel(port)]), "wakatobi")
    server.replies = ["550 no such user"]
    application_id = walk.to_pin()
    later(in_memory, walk.service, 3)
    (item,) = walk.service.owed(Done.UNDELIVERED, actor=ikd.Actor.system())
    assert (server.asked, item.failure) == (1, "channel.recipient_refused")
    (told,) = (
        entry.event
        for entry in walk.service.history(application_id, actor=ikd.Actor.system())
        if isinstance(entry.event, events.PinUndelivered)
    )
    assert (told.pin_id, told.code) == (item.subject, item.failure)
    application = walk.service.get(application_id, actor=ikd.Actor.system())
    assert (application.pins, application.pin, application.status.value) == (0, None, "PIN_SENT")


def test_550_moves_on_to_the_next_published_medium(in_memory, server, port):
    """P29: "melalui surat elektronik/email atau sms"."""
    sms = FileChannel(in_memory.folder / "sms", "sms")
    walk = in_memory.walk(in_memory.open(channels=[sms, channel(port)]), "payakumbuh")
    application_id = walk.register().id
    server.replies = ["550 no such user"]
    actor = walk.officer(walk.office.decision.by)
    walk.ask(do.Reject(application_id=application_id), actor, "reject")
    assert (server.asked, server.mails) == (1, [])
    (text,) = (in_memory.folder / "sms").glob("*.txt")
    assert f"To: +62{walk.walker.phone[1:]}\n" in text.read_text()
    assert walk.service.owed(Done.PARKED, actor=ikd.Actor.system()) == ()


def test_a_server_that_is_down_costs_nothing_but_time(in_memory, server, office):
    port = free_port()
    walk = in_memory.walk(in_memory.open(channels=[channel(port)]), office)
    application_id = walk.to_pin()
    (item,) = walk.service.owed(actor=ikd.Actor.system())
    assert item.failure == "channel.connection"
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        later(in_memory, walk.service)
    finally:
        controller.stop()
    ((_, mail),) = server.mails
    assert mail["Message-ID"] == f"<{item.id}@example.id>"
    assert walk.service.get(application_id, actor=ikd.Actor.system()).pin_tries == 0


def drop(peer):
    """Greet, and hang up at the first command."""
    peer.sendall(b"220 ready\r\n")
    peer.recv(1024)


def drop_after_data(peer):
    """Take the whole mail and hang up instead of saying so."""
    peer.sendall(b"220 ready\r\n")
    received = b""
    for reply in (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
        received += peer.recv(4096)
        peer.sendall(reply)
    while b"\r\n.\r\n" not in received:
        received += peer.recv(65536)
    TAKEN.append(email.message_from_bytes(received.lower().split(b"\r\ndata\r\n", 1)[1]))


TAKEN = []


@pytest.mark.parametrize("act", [drop, drop_after_data])
def test_a_dropped_connection_is_tried_again_under_the_same_message_id(
    in_memory, server, port, act
):
    TAKEN.clear()
    walk = in_memory.walk(in_memory.open(channels=[]), "payakumbuh")
    with misbehaving(act) as bad:
        parts = walk.service._parts
        object.__setattr__(parts, "channels", (channel(bad),))
        walk.to_pin()
        (item,) = walk.service.owed(actor=ikd.Actor.system())
        assert item.failure == "channel.connection"
    object.__setattr__(parts, "channels", (channel(port),))
    later(in_memory, walk.service)
    ((_, mail),) = server.mails
    assert mail["Message-ID"] == f"<{item.id}@example.id>"
    assert {copy["message-id"] for copy in TAKEN} == {mail["Message-ID"]} or act is drop


@contextlib.contextmanager
def misbehaving(act):
    """Run a raw server that does *act* with each connection; give its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        with contextlib.suppress(OSError):
            while True:
                peer, _ = listener.accept()
                with peer, contextlib.suppress(OSError):
                    act(peer)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def test_a_kill_between_the_server_s_yes_and_our_note_sends_a_copy_known_as_one(
    on_disk, server, port
):
    """The first process dies with its lease; another takes over when that has run out."""
    walk = on_disk.walk(on_disk.open(channels=[channel(port)]), "wakatobi")
    store = walk.service._parts.store
    store.settle = _killed_if(lambda: server.mails, store.settle)
    walk.to_pin()
    on_disk.services.pop().close()
    walk.service = on_disk.open(channels=[channel(port)])
    later(on_disk, walk.service, wait=timedelta(seconds=181))
    (_, first), (_, second) = server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_body(("plain",)).get_content() == second.get_body(("plain",)).get_content()
    assert walk.service.owed(actor=ikd.Actor.system()) == ()


def _killed_if(dead, settle):
    def note(*given, **named):
        if not dead():
            settle(*given, **named)

    return note


def test_mailbox_reads_the_newest_pin_of_one_address(in_memory):
    service = in_memory.open()
    first, second = (in_memory.walk(service, number=number) for number in (1, 2))
    for walk in (first, second):
        walk.to_pin()
    box = Mailbox(in_memory.folder / "mails")
    assert len(box.pins(first.walker.email)) == 1
    assert box.pins("nobody@example.org") == []
