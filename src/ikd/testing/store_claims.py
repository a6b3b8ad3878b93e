"""Store contract: claims and tokens."""
# ruff: noqa: S101 - a contract suite asserts

from __future__ import annotations

from ikd.core.ports import Commit, Store
from ikd.testing.store_samples import INSTANT, NOW, SECOND, claim, clash, horizon, owner, token


class Claims:
    """One key has one owner; a token is used once."""

    def test_a_claim_has_one_owner_until_released(self, store: Store) -> None:
        """Another owner clashes, and may have it after the release."""
        store.commit(Commit(at=NOW, takes=(claim(owner="one"),)))
        assert owner(store, "nik", b"key") == "one"
        assert clash(store, Commit(at=NOW, takes=(claim(owner="two"),))) == "claim"
        store.commit(Commit(at=NOW, releases=(claim(owner="one"),)))
        assert owner(store, "nik", b"key") is None
        store.commit(Commit(at=NOW, takes=(claim(owner="two"),)))
        assert owner(store, "nik", b"key") == "two"

    def test_taking_what_one_holds_is_fine(self, store: Store) -> None:
        """The same owner may take again."""
        for _ in range(2):
            store.commit(Commit(at=NOW, takes=(claim(),)))
        assert owner(store, "nik", b"key") == "one"

    def test_only_the_owner_releases(self, store: Store) -> None:
        """A stranger's release changes nothing, nor does one of a claim that never was."""
        store.commit(Commit(at=NOW, takes=(claim(owner="one"),)))
        strangers = (claim(owner="two"), claim(b"other"))
        store.commit(Commit(at=NOW, releases=strangers))
        assert owner(store, "nik", b"key") == "one"

    def test_a_release_told_twice_is_one(self, store: Store) -> None:
        """Two records that end in one commit may let go of the same phone."""
        store.commit(Commit(at=NOW, takes=(claim(owner="one"),)))
        twice = (claim(owner="one"), claim(owner="one"))
        store.commit(Commit(at=NOW, releases=twice, takes=(claim(owner="two"),)))
        assert owner(store, "nik", b"key") == "two"

    def test_releases_come_before_takes(self, store: Store) -> None:
        """A newer visit takes in the same commit what the older case lets go."""
        store.commit(Commit(at=NOW, takes=(claim(owner="old"),)))
        swap = Commit(at=NOW, takes=(claim(owner="new"),), releases=(claim(owner="old"),))
        store.commit(swap)
        assert owner(store, "nik", b"key") == "new"

    def test_a_strangers_release_opens_nothing(self, store: Store) -> None:
        """Releasing in another's name does not let one take."""
        store.commit(Commit(at=NOW, takes=(claim(owner="old"),)))
        theft = Commit(at=NOW, takes=(claim(owner="new"),), releases=(claim(owner="new"),))
        assert clash(store, theft) == "claim"
        assert owner(store, "nik", b"key") == "old"

    def test_two_owners_in_one_commit_clash(self, store: Store) -> None:
        """Nor can one commit give a key to two."""
        both = Commit(at=NOW, takes=(claim(owner="one"), claim(owner="two")))
        assert clash(store, both) == "claim"
        assert owner(store, "nik", b"key") is None

    def test_spaces_are_apart(self, store: Store) -> None:
        """The same key in another space is another claim."""
        takes = (claim(owner="one"), claim(owner="two", space="device"))
        store.commit(Commit(at=NOW, takes=takes))
        assert (owner(store, "nik", b"key"), owner(store, "device", b"key")) == ("one", "two")

    def test_a_space_is_walked_in_order_of_its_keys(self, store: Store) -> None:
        """Page after page, each claim once, and none of another space."""
        keys = [b"\x00", b"a", b"ab", b"b", b"\xff"]
        takes = tuple(claim(key, owner=key.hex()) for key in reversed(keys))
        store.commit(Commit(at=NOW, takes=(*takes, claim(b"aa", space="device"))))
        met, page = [], store.claims("nik", limit=2)
        while page:
            met += [one.key for one in page]
            page = store.claims("nik", after=page[-1].key, limit=2)
        assert met == keys
        assert store.claims("nik", limit=0) == store.claims("nobody") == ()

    def test_a_token_is_used_once(self, store: Store) -> None:
        """Again clashes, by the same owner too, and twice in one commit."""
        store.commit(Commit(at=NOW, uses=(token(),)))
        assert owner(store, "token:pairing", b"token") == "one"
        assert clash(store, Commit(at=NOW, uses=(token(),))) == "token"
        twice = (token(b"fresh"), token(b"fresh"))
        assert clash(store, Commit(at=NOW, uses=twice)) == "token"
        assert owner(store, "token:pairing", b"fresh") is None

    def test_a_used_token_stays_used_until_purged(self, store: Store) -> None:
        """Being dead of age frees nothing; purging does, and leaves claims alone."""
        store.commit(Commit(at=NOW, takes=(claim(),), uses=(token(until=NOW),)))
        assert clash(store, Commit(at=NOW + 9 * SECOND, uses=(token(),))) == "token"
        assert store.purge(horizon(tokens=NOW)) == 0
        store.commit(Commit(at=NOW, uses=(token(b"older", until=NOW - SECOND),)))
        assert store.purge(horizon(tokens=NOW)) == 1
        assert store.purge(horizon(tokens=NOW + INSTANT)) == 1
        assert store.purge(horizon(tokens=NOW + SECOND)) == 0
        assert owner(store, "token:pairing", b"token") is None
        assert owner(store, "nik", b"key") == "one"
        store.commit(Commit(at=NOW, uses=(token(),)))
