"""An audit while work goes on finds no fault in what is being written."""

from __future__ import annotations

import threading

from ikd.core.decide import KINDS
from ikd.service.store_audit import Audit
from ikd.service.store_scan import checkpoint_of


def test_work_that_goes_on_is_no_fault(on_disk):
    service = on_disk.open()
    on_disk.walk(service, "wakatobi", number=1).to_passcode()
    bound = service._parts.store
    _, lines = checkpoint_of(bound.store, on_disk.clock.now())
    listed = {(kind, named): (version, head) for kind, named, version, head in lines}
    done = threading.Event()

    def work() -> None:
        try:
            for number in range(2, 8):
                on_disk.walk(service, "wakatobi", number=number).to_passcode()
        finally:
            done.set()

    worker = threading.Thread(target=work)
    worker.start()
    audits = 0
    try:
        while not done.is_set() or audits < 3:
            assert list(Audit(bound.store, bound, KINDS).faults(listed)) == []
            audits += 1
    finally:
        worker.join()
    assert len(list(bound.store.find("identity"))) == 7
