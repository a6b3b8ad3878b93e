"""For random rules, facts and answers the service says what a slow reference says, in any order."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ikd
from ikd import commands as do
from ikd.core.records.person import Marital
from ikd.core.records.questions import KtpEl
from ikd.testing import (
    FixedClock,
    SimulatedResident,
    Simulator,
    SoftDevice,
    quick_kdf,
    seeded_entropy,
)
from model.offices import text_of

NOW = datetime.fromisoformat("2026-11-23T03:00+00:00")
NIK = "1376015708909901"
ASKED_FOR = ("family_card", "online", "app_installed")
OF_REGISTER = ("age", "ever_married", "recorded", "ktp_el")
CARDS = ("issued", "lost", "never")
GROUND = {"source": "default", "why": "contoh"}

# --- random rules, people and orders -----------------------------------------------------

LEAVES = st.one_of(
    st.builds(lambda n: {"fact": "age", "at_least": n}, st.sampled_from([17, 21, 60])),
    st.builds(
        lambda fact, holds: {"fact": fact, "holds": holds},
        st.sampled_from(["ever_married", "recorded", *ASKED_FOR]),
        st.booleans(),
    ),
    st.builds(
        lambda yes, human: {"fact": "ktp_el", "among": [yes], "human": human},
        st.sampled_from(CARDS),
        st.sampled_from(CARDS),
    ).filter(lambda leaf: leaf["human"] not in leaf["among"]),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.builds(
        lambda way, arms: {way: arms},
        st.sampled_from(["all_of", "any_of", "none_of"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=5,
)
RULES = st.lists(
    st.tuples(
        TREES, st.sampled_from(["ask", "human", "refuse"]), st.sampled_from(["refuse", "human"])
    ),
    min_size=1,
    max_size=3,
)
SAID: dict[str, Any] = {
    "age": st.integers(0, 90),
    "ktp_el": st.sampled_from(CARDS),
    **{name: st.booleans() for name in ("ever_married", "recorded", *ASKED_FOR)},
}
REGISTER = st.builds(
    dict,
    born=st.sampled_from([date(2010, 6, 15), date(2006, 1, 1), date(1990, 8, 17)]),
    card=st.sampled_from(KtpEl),
    marital=st.sampled_from([None, *Marital]),
)


def written(tree: dict[str, Any]) -> dict[str, Any]:
    """Return a tree as an office's file writes it."""
    if "fact" in tree:
        human = {"human": {"value": [tree["human"]], **GROUND}} if "human" in tree else {}
        return {**tree, **human, **GROUND}
    ((way, arms),) = tree.items()
    return {way: [written(arm) for arm in arms], **GROUND}


def office_of(rules: list[Any]) -> ikd.Office:
    text = text_of("wakatobi")
    text["requirements"] = [
        {**written(tree), "id": f"r{n}", "text": "R", "text_en": "R", "unknown": un, "effect": eff}
        for n, (tree, un, eff) in enumerate(rules)
    ]
    return ikd.load_office(text)


# --- the reference: slow, and made of nothing of ours -------------------------------------


def worth(tree: dict[str, Any], facts: dict[str, Any]) -> str:
    """Return ``yes``, ``no``, ``unknown`` or ``human``."""
    if "fact" not in tree:
        ((way, arms),) = tree.items()
        worths = [worth(arm, facts) for arm in arms]
        settles = "no" if way == "all_of" else "yes"
        for one in (settles, "unknown", "human"):
            if one in worths:
                return {"yes": "no"}.get(one, one) if way == "none_of" else one
        return "yes" if way in ("all_of", "none_of") else "no"
    value = facts.get(tree["fact"])
    if value is None:
        return "unknown"
    if value == tree.get("human"):
        return "human"
    if "at_least" in tree:
        return "yes" if value >= tree["at_least"] else "no"
    return "yes" if value in tree.get("among", [tree.get("holds")]) else "no"


def names(tree: dict[str, Any]) -> set[str]:
    inner = [arm for arms in tree.values() if isinstance(arms, list) for arm in arms]
    arms = [arm for arm in inner if isinstance(arm, dict)]
    return {tree["fact"]} if "fact" in tree else set().union(*map(names, arms))


def says(rules: list[Any], facts: dict[str, Any], *, answered: bool) -> set[str]:
    """Return where each rule goes that is due now."""
    due = [rule for rule in rules if bool(names(rule[0]) & set(OF_REGISTER)) == answered]
    ways = {"yes": lambda *_: "met", "no": lambda _, e: e, "unknown": lambda u, _: u}
    return {ways.get(worth(tree, facts), lambda *_: "human")(un, eff) for tree, un, eff in due}


def registered(stated: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """Return what is known once the register has spoken: it wins."""
    had = (NOW.month, NOW.day) >= (told["born"].month, told["born"].day)
    age = NOW.year - told["born"].year - (not had)
    married = {None: stated.get("ever_married"), Marital.UNMARRIED: False}
    card, issued = told["card"], told["card"] is KtpEl.ISSUED
    lost = issued and stated.get("ktp_el") == "lost"
    return {
        **stated,
        "age": age,
        "ever_married": married.get(told["marital"], True),
        "recorded": card is not KtpEl.NOT_RECORDED,
        "ktp_el": "lost" if lost else "issued" if issued else "never",
    }


# --- the service --------------------------------------------------------------------------


@attrs.define
class Played:
    """One case at a service, and what its resident has stated so far."""

    service: ikd.Service
    office: ikd.Office
    phone: SoftDevice
    stated: dict[str, Any]
    id: str = ""
    turn: int = 0

    def handle(self, command: Any, actor: ikd.Actor) -> Any:
        self.turn += 1
        return self.service.handle(command, actor=actor, key=f"key-{self.turn}")

    def register(self) -> None:
        device = ikd.Device(
            kind="smartphone", platform="android", os_version="14", key=self.phone.public_key
        )
        command = do.Register(
            office=self.office.id,
            nik=NIK,
            email="ayu@example.id",
            phone="081234567890",
            device=device,
            facts=ikd.Candidate(**self.stated),
        )
        self.id = self.handle(command, ikd.Actor.resident("ayu")).id

    def state(self, facts: dict[str, Any]) -> None:
        challenge = self.service.challenge(self.id, "state_facts")
        proof = self.phone.proof(self.id, "state_facts", challenge, NOW, b"")
        command = do.StateFacts(application_id=self.id, facts=ikd.Candidate(**facts), proof=proof)
        self.handle(command, ikd.Actor.resident("ayu"))
        self.stated |= facts

    def clear(self) -> None:
        which = [one.requirement for one in self.record.referrals]
        command = do.AskAgain(application_id=self.id, which=which, why="seen")
        self.handle(command, ikd.Actor.operator("op-1", office=self.office.id))

    @property
    def record(self) -> Any:
        return self.service.get(self.id, actor=ikd.Actor.system())

    @property
    def verdict(self) -> str:
        """Where the case stands, as the reference says it."""
        case = self.record
        if case.status.value == "REJECTED":
            return "refuse"
        if case.asked:
            return "ask"
        return "human" if case.referred else "met"


def stated_on(played: Played, would: dict[str, Any], draw: Any) -> dict[str, Any]:
    """Return some of what is asked, in whatever order it is drawn."""
    asked = sorted(played.record.asked_facts)
    some = draw(st.lists(st.sampled_from(asked), min_size=1, unique=True))
    return {name: would[name] for name in some}


ORDER = ("refuse", "ask", "human", "met")


def expected(
    rules: list[Any], stated: dict[str, Any], told: dict[str, Any], cleared: set[str]
) -> tuple[str, str]:
    """Return at which point the case stands, and where the reference sees it there."""
    for point in ("registration", "answer"):
        answered = point == "answer"
        facts = registered(stated, told) if answered else stated
        due = says(rules, facts, answered=answered) - ({"human"} if point in cleared else set())
        worst = next((one for one in ORDER[:-1] if one in due), "met")
        if worst != "met":
            break
    return point, worst


def refuses(rules: list[Any], stated: dict[str, Any]) -> bool:
    return "refuse" in says(rules, stated, answered=False)


def walked(played: Played, rules: list[Any], would: dict[str, Any], told: Any, draw: Any) -> str:
    """Let facts be stated and officers clear what they must; return how it ended."""
    cleared: set[str] = set()
    for _ in range(20):
        point, worst = expected(rules, played.stated, told, cleared)
        assert played.verdict == worst
        assert ("data_check" in played.record.done) is (worst == "met")
        if worst in ("refuse", "met"):
            return worst
        if worst == "human":
            played.clear()
            cleared.add(point)
            continue
        facts = stated_on(played, would, draw)
        if point == "registration" and refuses(rules, {**played.stated, **facts}):
            with pytest.raises(ikd.errors.RefusedError, match="requirements"):
                played.state(facts)
            return "refuse"
        played.state(facts)
    raise AssertionError("it never comes to an end")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    RULES,
    st.fixed_dictionaries(SAID),
    st.sets(st.sampled_from(sorted(SAID))),
    REGISTER,
    st.data(),
)
def test_the_service_says_what_a_slow_reference_says_in_whatever_order_facts_are_stated(
    rules: list[Any], would: dict[str, Any], at_once: set[str], told: dict[str, Any], data: Any
) -> None:
    known = {"birth_date": told["born"], "ktp_el": told["card"], "marital": told["marital"]}
    registry = Simulator([SimulatedResident(nik=NIK, name="Ayu", **known)])
    office = office_of(rules)
    with ikd.open_service(
        offices=[office],
        store="memory://",
        registry=registry,
        deliver="inline",
        kdf=quick_kdf,
        clock=FixedClock(NOW),
    ) as service:
        phone = SoftDevice(seeded_entropy("three values"))
        played = Played(service, office, phone, {name: would[name] for name in at_once})
        if refuses(rules, played.stated):
            with pytest.raises(ikd.errors.RefusedError, match="requirements"):
                played.register()
            return
        played.register()
        walked(played, rules, would, told, data.draw)


def test_a_walk_states_what_is_asked_and_goes_on(in_memory: Any) -> None:
    card = {"fact": "family_card", "holds": True}
    office = office_of([(card, "ask", "refuse")])
    service = in_memory.open(offices=[office])
    walk = attrs.evolve(in_memory.walk(service, "wakatobi"), office=office)
    walk.walker = attrs.evolve(walk.walker, facts=ikd.Candidate())
    number = walk.register().id
    walker = attrs.evolve(walk.walker, facts=ikd.Candidate(family_card=True))
    walk = attrs.evolve(walk, walker=walker)
    for _ in range(20):
        walk.next(number)
    kinds = [type(one.event).__name__ for one in service.history(number, actor=walk.operator)]
    assert kinds[:3] == ["Registered", "FactsAsked", "FactsStated"]
    assert service.get(number, actor=walk.operator).status.value == "PIN_SENT"
