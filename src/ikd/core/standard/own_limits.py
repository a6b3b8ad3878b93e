"""What ikd itself limits, whatever an office publishes: the one table of the code's own limits.

``ikd office show`` prints every field with its reason, as a default beside the standard. Whoever
adds a limit adds a field here, its name under ``[names]`` in ``data/office.toml``, and reads it
from ``OWN_LIMITS`` where it is kept, so that what is printed is what is enforced. What an office's
file may change is a field of that part of the file instead.
"""

from __future__ import annotations

from datetime import timedelta

import attrs

from ikd.core.standard.grounds import Sourced, default


@attrs.frozen(kw_only=True)
class OwnLimits:
    """The limits of the code itself; none of them rests on a clause.

    Attributes:
        qr: How long a QR may be shown to pair a phone or to present a credential.
        clock_ahead: How far a phone's clock may run ahead of ours.
        challenge: How long the phone may take to sign for an act.
        captcha: How long a captcha may be filled in.
        credential: How long a credential holds at most.
        status_list: How long a published status list is believed.
        phones: Active identities, and so phones, that one resident may have.
        nik_guesses: Wrong PINs a NIK, over all its applications, in ``nik_window``.
        nik_window: How long a wrong PIN counts for its NIK.
        passcode_tries: Wrong passcodes in a row.
        contact_corrections: How often the phone may mend e-mail or number before the visit.
        message: How long a message without a PIN is tried.
        sample: Bytes of one biometric sample.
        apply_again: Whether one may register again after a rejection, a withdrawal or an end.
    """

    qr: Sourced[timedelta]
    clock_ahead: Sourced[timedelta]
    challenge: Sourced[timedelta]
    captcha: Sourced[timedelta]
    credential: Sourced[timedelta]
    status_list: Sourced[timedelta]
    phones: Sourced[int]
    nik_guesses: Sourced[int]
    nik_window: Sourced[timedelta]
    passcode_tries: Sourced[int]
    contact_corrections: Sourced[int]
    message: Sourced[timedelta]
    sample: Sourced[int]
    apply_again: Sourced[bool]


OWN_LIMITS = OwnLimits(
    qr=default(
        timedelta(seconds=90), "Naskah tidak menyebut umur QR; foto yang diteruskan cepat mati."
    ),
    clock_ahead=default(
        timedelta(seconds=30), "Jam ponsel jarang tepat; lebih dari ini QR ditolak."
    ),
    challenge=default(
        timedelta(minutes=5), "Ponsel menjawab seketika; lima menit cukup bagi jaringan lambat."
    ),
    captcha=default(
        timedelta(minutes=5), "Naskah tidak menyebut masa captcha; lima menit cukup mengisinya."
    ),
    credential=default(
        timedelta(days=180), "Naskah tidak menyebut umur QR yang diterbitkan; batas paling lama."
    ),
    status_list=default(
        timedelta(days=7), "Pemeriksa tanpa jaringan perlu daftar yang belum usang."
    ),
    phones=default(1, "Naskah tidak menyebut jumlah gawai; aktivasi baru mengakhiri yang lama."),
    nik_guesses=default(
        20, "Naskah tidak menyebut batas tebakan; dua puluh menutup tebakan berulang satu NIK."
    ),
    nik_window=default(
        timedelta(days=30), "Tebakan lama tidak boleh menutup jalan pemiliknya selamanya."
    ),
    passcode_tries=default(
        3, "Naskah tidak menyebut batas kata sandi; sesudah itu petugas menyetelnya di loket."
    ),
    contact_corrections=default(
        2, "Untuk salah ketik, bukan untuk mencoba-coba alamat; sesudah itu di loket."
    ),
    message=default(
        timedelta(days=5), "Lamanya surat dicoba tidak disebut; RFC 5321 4.5.4.1 memberi 4-5 hari."
    ),
    sample=default(
        1024 * 1024, "Ukuran sampel tidak disebut; satu mebibita cukup bagi satu gambar."
    ),
    apply_again=default(
        value=True, why="Naskah tidak menyebut pendaftaran ulang; tidak ada butir yang melarangnya."
    ),
)
"""The limits as they are."""
