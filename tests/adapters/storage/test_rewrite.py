"""Every record is rewritten once, page by page, and a step that was cut off goes on."""

from __future__ import annotations

import attrs
import pytest

from ikd.adapters.storage import sql_store
from ikd.core.ports import Commit
from ikd.testing.store_samples import NOW, an_id, put, row

KINDS = ("application", "identity")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(sql_store, "_PAGE", 2)


@pytest.fixture
def filled(store):
    puts = tuple(put(row(number, kind=kind)) for kind in KINDS for number in (3, 1, 2))
    store.commit(Commit(at=NOW, puts=puts))
    return store


def _marked(one):
    return attrs.evolve(one, waits="operator", mac=one.id.encode())


def _waiting(store):
    rows = store.rows_after("", "", limit=99)
    return [(one.kind, int(one.id, 16)) for one in rows if one.waits]


ALL = [(kind, number) for kind in KINDS for number in (1, 2, 3)]


def test_records_are_met_in_order_of_their_names_behind_any_of_them(filled):
    rows = filled.rows_after("application", an_id(2), limit=2)
    assert [(one.kind, int(one.id, 16)) for one in rows] == [ALL[2], ALL[3]]
    assert filled.rows_after("identity", an_id(3), limit=2) == ()
    assert filled.rows_after("", "", limit=-1) == ()


def test_every_record_is_rewritten_at_the_version_it_has(filled):
    told = []
    filled.rewrite("who waits", _marked, report=lambda *said: told.append(said))
    assert _waiting(filled) == ALL
    assert filled.get("identity", an_id(1)) == _marked(row(kind="identity"))
    assert told == [("who waits", met) for met in (2, 4, 6, 6)]


def test_a_step_that_is_done_touches_nothing_again(filled):
    calls = []

    def change(one):
        calls.append(one.id)
        return one

    for _ in range(2):
        filled.rewrite("once", change, report=lambda *_: None)
    assert len(calls) == len(ALL)
    filled.rewrite("another", change, report=lambda *_: None)
    assert len(calls) == 2 * len(ALL)


def test_a_step_that_was_cut_off_goes_on_behind_its_last_page(filled):
    def cut_off(_, met):
        if met == 4:
            raise KeyboardInterrupt

    met = []
    with pytest.raises(KeyboardInterrupt):
        filled.rewrite("who waits", _marked, report=cut_off)
    assert _waiting(filled) == ALL[:4]
    filled.rewrite("who waits", lambda one: met.append(one.id) or _marked(one), report=print)
    assert len(met) == 2
    assert _waiting(filled) == ALL


def test_a_page_that_fails_is_not_done(filled):
    def change(one):
        if one.kind == "identity":
            raise LookupError
        return _marked(one)

    with pytest.raises(LookupError):
        filled.rewrite("who waits", change, report=lambda *_: None)
    assert _waiting(filled) == ALL[:2]


def test_a_record_that_moves_on_meanwhile_stays_as_it_moved(filled):
    newer = row(2, version=2, kind="identity")

    def change(one):
        if one == row(2, kind="identity"):
            filled.commit(Commit(at=NOW, puts=(put(newer, expected=1),)))
        return _marked(one)

    filled.rewrite("who waits", change, report=lambda *_: None)
    assert filled.get("identity", an_id(2)) == newer
    assert len(_waiting(filled)) == len(ALL) - 1


def test_a_store_without_records_is_done_at_once(store):
    store.rewrite("who waits", _marked, report=lambda *_: None)
    store.commit(Commit(at=NOW, puts=(put(),)))
    store.rewrite("who waits", _marked, report=lambda *_: None)
    assert _waiting(store) == []
