"""The SMTP channel against real servers: what was taken is taken, what wasn't says why."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest

from ikd.adapters.notification import channel_from_url
from ikd.adapters.notification.smtp import SmtpChannel
from ikd.adapters.notification.smtp_connection import PHASES
from ikd.core.errors import DeliveryError, InputError
from ikd.testing.channel_contract import PIN, ChannelContract, sample_message, told

USER, PASSWORD = "siak", "rahasia-sekali"
FROM = "siak@mail.example.id"
Serve = Callable[..., Any]

# The test server dislikes logins in the clear, on loopback too.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def to(port: int, **settings: Any) -> SmtpChannel:
    """A channel without TLS unless told, impatient as tests are."""
    plain: dict[str, Any] = {"starttls": False, "timeout": 5, "sender_address": FROM}
    return SmtpChannel("127.0.0.1", port, **(plain | settings))


def refused(sender: SmtpChannel, **changes: Any) -> DeliveryError:
    """The error of a delivery, which tells nothing of the mail or the server's words."""
    with pytest.raises(DeliveryError) as caught:
        sender.deliver(sample_message("email", **changes))
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    for secret in ("warga@example.id", PIN, PASSWORD, "server says"):
        assert secret not in told(error)
    return error


class TestSmtpKeepsTheContract(ChannelContract):
    secrets = (PASSWORD,)

    @pytest.fixture
    def server(self, serve: Serve) -> Any:
        return serve(auth=True)

    @pytest.fixture
    def channel(self, server: Any) -> SmtpChannel:
        return to(server.port, username=USER, password=PASSWORD)

    @pytest.fixture
    def broken_channel(self) -> SmtpChannel:
        with socket.create_server(("127.0.0.1", 0)) as gone:
            port = gone.getsockname()[1]
        return to(port, username=USER, password=PASSWORD)

    @pytest.fixture
    def received(self, server: Any) -> Callable[[], Sequence[str]]:
        return lambda: [content.decode() for _, _, content in server.mailbox.mails]


def test_a_mail_arrives_whole_at_its_one_recipient(serve: Serve) -> None:
    server = serve()
    message = sample_message("email", html=f"<p>{PIN}</p>")
    receipt = to(server.port).deliver(message)
    [(sender, recipients, content)] = server.mailbox.mails
    mail = message_from_bytes(content, policy=SMTP)
    assert (sender, recipients) == (FROM, ["warga@example.id"])
    assert mail["From"] == f"SIAK <{FROM}>"
    assert mail["Message-ID"] == f"<{message.id}@mail.example.id>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert PIN in mail.get_body(("plain",)).get_content()
    assert PIN in mail.get_body(("html",)).get_content()
    assert receipt.reference == message.id


def test_a_line_that_begins_with_a_dot_keeps_it(serve: Serve) -> None:
    server = serve()
    to(server.port).deliver(sample_message("email", text="satu\n.\n..dua\n"))
    [(_, _, content)] = server.mailbox.mails
    assert message_from_bytes(content, policy=SMTP).get_content() == "satu\r\n.\r\n..dua\r\n"


def test_the_same_notice_keeps_its_message_id(serve: Serve) -> None:
    server = serve()
    for _ in range(2):
        to(server.port).deliver(sample_message("email"))
    ids = {message_from_bytes(mail)["Message-ID"] for _, _, mail in server.mailbox.mails}
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("turn", "reply", "code", "retryable"),
    [
        ("RCPT", "452 server says full", "channel.recipient_deferred", True),
        ("RCPT", "450 server says greylisted", "channel.recipient_deferred", True),
        ("RCPT", "421 server says bye", "channel.recipient_deferred", True),
        ("RCPT", "550 server says no such user", "channel.recipient_refused", False),
        ("RCPT", "553 server says what", "channel.recipient_refused", False),
        ("DATA", "451 server says later", "channel.content_deferred", True),
        ("DATA", "554 server says spam", "channel.content_refused", False),
        ("MAIL", "451 server says later", "channel.sender_deferred", True),
        ("MAIL", "550 server says who", "channel.sender_refused", True),
        ("MAIL", "552 server says too big", "channel.content_refused", False),
        ("RCPT", "550 5.7.1 server says our reputation", "channel.policy", True),
        ("DATA", "550 5.7.26 server says unauthenticated", "channel.policy", True),
        ("RCPT", "550 5.1.1 server says no such user", "channel.recipient_refused", False),
    ],
)
def test_a_reply_says_whether_to_try_again(
    serve: Serve, turn: str, reply: str, code: str, retryable: bool
) -> None:
    server = serve()
    server.mailbox.replies[turn] = reply
    error = refused(to(server.port))
    assert (error.code, error.retryable) == (code, retryable)
    assert server.mailbox.mails == []


def test_a_goodbye_that_fails_does_not_send_the_mail_again(misbehave: Serve) -> None:
    """The mail is the server's once it said 250; how it hangs up is its own affair."""
    taken: list[bytes] = []

    def take_and_drop(peer: socket.socket) -> None:
        with peer.makefile("rwb") as talk:
            for reply in (b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go"):
                talk.write(reply + b"\r\n")
                talk.flush()
                taken.append(talk.readline())
            while talk.readline() != b".\r\n":
                pass
            talk.write(b"250 taken\r\n")

    receipt = to(misbehave(take_and_drop)).deliver(sample_message("email"))
    assert receipt.reference == f"{1:032x}"
    assert b"data\r\n" in taken


def test_a_login_that_fails_can_be_mended(serve: Serve) -> None:
    server = serve(auth=True)
    error = refused(to(server.port, username=USER, password="wrong"))
    assert (error.code, error.retryable) == ("channel.login_refused", True)


def test_no_login_where_one_is_needed_can_be_mended(serve: Serve) -> None:
    server = serve(auth=True)
    error = refused(to(server.port))
    assert (error.code, error.retryable) == ("channel.sender_refused", True)


def test_a_server_without_logins_can_be_mended(serve: Serve) -> None:
    server = serve()
    error = refused(to(server.port, username=USER, password=PASSWORD))
    assert (error.code, error.retryable) == ("channel.tls", True)


# --- TLS ---------------------------------------------------------------------


def test_starttls_with_a_certificate_nobody_vouches_for_sends_nothing(
    serve: Serve, certificate: Any
) -> None:
    server = serve(tls_context=certificate.server, auth=True)
    error = refused(to(server.port, starttls=True, username=USER, password=PASSWORD))
    assert (error.code, error.retryable) == ("channel.tls", True)
    assert server.mailbox.mails == []


def test_starttls_with_a_trusted_certificate_sends(serve: Serve, certificate: Any) -> None:
    server = serve(tls_context=certificate.server, auth=True, require_starttls=True)
    context = ssl.create_default_context(cafile=str(certificate.file))
    to(server.port, starttls=True, username=USER, password=PASSWORD, context=context).deliver(
        sample_message("email")
    )
    assert len(server.mailbox.mails) == 1


def test_a_certificate_of_another_host_sends_nothing(serve: Serve, certificate: Any) -> None:
    server = serve(tls_context=certificate.server)
    other = SmtpChannel(
        "localhost",
        server.port,
        sender_address=FROM,
        context=ssl.create_default_context(cafile=str(certificate.file)),
    )
    assert refused(other).code == "channel.tls"


def test_a_server_that_hides_starttls_gets_nothing(serve: Serve) -> None:
    """Somebody on the line may strip the word: going on in the clear is what they want."""
    server = serve()
    error = refused(to(server.port, starttls=True))
    assert (error.code, error.retryable) == ("channel.tls", True)
    assert server.mailbox.mails == []


def test_tls_from_the_first_byte(serve: Serve, certificate: Any) -> None:
    server = serve(ssl_context=certificate.server)
    url = f"smtps://127.0.0.1:{server.port}?from={FROM}&ca={certificate.file}"
    channel_from_url(url).deliver(sample_message("email"))
    assert len(server.mailbox.mails) == 1
    unknown = channel_from_url(f"smtps://127.0.0.1:{server.port}?from={FROM}")
    assert refused(unknown).code == "channel.tls"  # type: ignore[arg-type]


def test_a_url_is_enough_for_starttls_and_login(serve: Serve, certificate: Any) -> None:
    server = serve(tls_context=certificate.server, auth=True)
    place = f"{USER}:{PASSWORD}@127.0.0.1:{server.port}"
    channel_from_url(
        f"smtp://{place}?starttls=1&from={FROM}&ca={certificate.file}&timeout=5"
    ).deliver(sample_message("email"))
    assert len(server.mailbox.mails) == 1


# --- servers that don't behave -------------------------------------------------


def say(peer: socket.socket, *replies: bytes) -> None:
    """Greets, then answers each line with the next reply, then hangs up."""
    with peer.makefile("rwb") as talk:
        for reply in replies:
            talk.write(reply)
            talk.flush()
            talk.readline()


HANG_UPS: list[tuple[bytes, ...]] = [
    (),
    (b"220 hi\r\n",),
    (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n"),
    (b"220 hi\r\n", b"250 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"),
    (b"nonsense server says\r\n",),
    (b"\xff\xfe\x00" * 4_000,),
]


@pytest.mark.parametrize(
    ("replies", "code"),
    [
        ((b"554 server says go away\r\n",), "channel.greeting_refused"),
        ((b"421 server says busy\r\n",), "channel.greeting_deferred"),
        ((b"220 hi\r\n", b"500 server says what\r\n", b"500 no\r\n"), "channel.hello_refused"),
    ],
)
def test_a_server_that_will_not_talk_to_us_is_told_by_its_phase_and_can_be_mended(
    misbehave: Serve, replies: tuple[bytes, ...], code: str
) -> None:
    error = refused(to(misbehave(lambda peer: say(peer, *replies))))
    assert (error.code, error.retryable) == (code, True)


def take(peer: socket.socket, taken: list[bytes], until: threading.Event) -> None:
    """Takes a whole mail, and says nothing about it until told to."""
    with contextlib.suppress(OSError), peer.makefile("rwb") as talk:
        for reply in (b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"354 go"):
            talk.write(reply + b"\r\n")
            talk.flush()
            talk.readline()
        while talk.readline() != b".\r\n":
            pass
        taken.append(b"mail")
        until.wait()
        talk.write(b"250 taken\r\n")


def test_a_server_that_stalls_after_the_dot_may_have_the_mail(misbehave: Serve) -> None:
    """That is an outcome of its own: it counts as handed over, and no copy is sent."""
    taken: list[bytes] = []
    never = threading.Event()
    port = misbehave(lambda peer: take(peer, taken, never))
    receipt = to(port, end=0.3).deliver(sample_message("email"))
    never.set()
    assert (receipt.unsure, taken) == (True, [b"mail"])


def test_a_slow_answer_to_the_dot_is_waited_for_longer_than_any_other(misbehave: Serve) -> None:
    """RFC 5321 4.5.3.2.6: ten minutes, so that a server that thinks gets no copies."""
    taken: list[bytes] = []
    thinks = threading.Event()
    port = misbehave(lambda peer: take(peer, taken, thinks))
    threading.Timer(0.6, thinks.set).start()
    receipt = to(port, timeout=0.3).deliver(sample_message("email"))
    assert (receipt.unsure, taken) == (False, [b"mail"])
    assert [PHASES[one] for one in ("greeting", "sender", "recipient")] == [300, 300, 300]
    assert [PHASES[one] for one in ("data", "content", "end")] == [120, 180, 600]


@pytest.mark.parametrize("login", [("siak", "rahasiá"), ("siák", "rahasia")])
def test_a_login_that_no_server_would_understand_is_told_as_that_at_once(
    login: tuple[str, str],
) -> None:
    """Today it looks like a lost connection, for as long as the mail is tried."""
    username, password = login
    with pytest.raises(InputError, match=r"ASCII \(RFC 4616\)") as caught:
        to(2525, username=username, password=password)
    assert password not in str(caught.value)


def test_a_bounce_is_asked_to_name_the_notice_and_not_to_quote_it(misbehave: Serve) -> None:
    """RFC 3461: the envelope has an id, and only headers come back."""
    said: list[bytes] = []

    def notifies(peer: socket.socket) -> None:
        with contextlib.suppress(OSError), peer.makefile("rwb") as talk:
            for reply in (b"220 hi", b"250-hi\r\n250 DSN", b"250 ok", b"550 no"):
                talk.write(reply + b"\r\n")
                talk.flush()
                said.append(talk.readline())

    refused(to(misbehave(notifies)))
    (sender,) = (line for line in said if line.lower().startswith(b"mail"))
    assert sender.rstrip().endswith(f"RET=HDRS ENVID={1:032x}".encode())


@pytest.mark.parametrize("replies", HANG_UPS)
def test_a_dropped_connection_is_tried_again(misbehave: Serve, replies: tuple[bytes, ...]) -> None:
    port = misbehave(lambda peer: say(peer, *replies))
    error = refused(to(port))
    assert (error.code, error.retryable) == ("channel.connection", True)


def test_a_silent_server_is_left_after_the_timeout(misbehave: Serve) -> None:
    done = threading.Event()
    port = misbehave(lambda _: done.wait() and None)  # for good, if it isn't left
    error = refused(to(port, timeout=0.2))
    done.set()
    assert (error.code, error.retryable) == ("channel.connection", True)


@pytest.mark.parametrize("greeting", [b"", b"220 hi\r\n"])
def test_a_dripping_server_is_left_when_its_phase_is_over(
    misbehave: Serve, greeting: bytes
) -> None:
    """Each line renews the timeout, so an endless greeting would hold a worker for good."""
    done = threading.Event()

    def drip(peer: socket.socket) -> None:
        peer.sendall(greeting)
        while not done.wait(0.05):
            peer.sendall(b"250-x\r\n" if greeting else b"220-x\r\n")

    port = misbehave(drip)
    error = refused(to(port, timeout=0.5))
    done.set()
    assert (error.code, error.retryable) == ("channel.connection", True)


def test_a_handshake_that_outlasts_its_phase_sends_nothing(
    misbehave: Serve, certificate: Any
) -> None:
    done = threading.Event()

    def dawdle(peer: socket.socket) -> None:
        time.sleep(0.5)
        with certificate.server.wrap_socket(peer, server_side=True) as tls:
            tls.sendall(b"220 hi\r\n")
            done.wait()

    port = misbehave(dawdle)
    context = ssl.create_default_context(cafile=str(certificate.file))
    error = refused(to(port, tls=True, timeout=0.2, context=context))
    done.set()
    assert error.retryable


def test_a_dripping_server_behind_tls_is_left_too(misbehave: Serve, certificate: Any) -> None:
    done = threading.Event()

    def drip(peer: socket.socket) -> None:
        with (
            contextlib.suppress(OSError),
            certificate.server.wrap_socket(peer, server_side=True) as tls,
        ):
            while not done.wait(0.05):
                tls.sendall(b"220-x\r\n")

    port = misbehave(drip)
    context = ssl.create_default_context(cafile=str(certificate.file))
    error = refused(to(port, tls=True, timeout=0.5, context=context))
    done.set()
    assert error.retryable


def test_a_host_that_is_none_is_tried_again() -> None:
    sender = SmtpChannel("mail.invalid", sender_address=FROM, timeout=2)
    assert refused(sender).retryable


def test_no_thread_and_no_socket_stays_behind(serve: Serve) -> None:
    server = serve()
    before = threading.active_count()
    for _ in range(3):
        to(server.port).deliver(sample_message("email"))
    server.mailbox.replies["RCPT"] = "550 server says no"
    refused(to(server.port))
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    refused(to(port))
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            assert thread.finished.is_set()  # nothing waits for its end any more
            thread.join()
    assert threading.active_count() <= before


# --- settings -------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {"sender_address": "SIAK <siak@example.id>"},
        {"sender_address": None},
        {"timeout": 0},
        {"timeout": None},
        {"timeout": True},
        {"end": -1},
        {"end": "30"},
        {"end": float("nan")},
        {"end": float("inf")},
    ],
)
def test_settings_that_cannot_work_are_refused_at_once(settings: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"channel\.settings"):
        to(2525, **settings)


def test_a_password_in_the_clear_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="over TLS only") as caught:
        SmtpChannel(
            "mail.example.id",
            sender_address=FROM,
            username=USER,
            password=PASSWORD,
            starttls=False,
        )
    assert PASSWORD not in str(caught.value)
