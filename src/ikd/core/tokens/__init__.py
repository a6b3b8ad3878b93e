"""The signed texts inside QR symbols, and everything needed to check them.

Every refusal here is a ``TokenError`` with one of these fault words:

``length`` too long, too short or no text; ``prefix`` another kind of token; ``base45``,
``zlib``, ``cbor``, ``cose`` that layer isn't exactly as it must be; ``algorithm`` not the one
of the key's record; ``key`` no usable key of that role, or a key that can't be one;
``revoked`` the key was revoked; ``signature`` it doesn't hold; ``claims`` what is inside isn't
what this kind holds; ``early`` not valid yet; ``expired`` not valid any more; ``life`` valid
for longer than its kind may; ``challenge`` not ours, too old or for something else;
``keyring`` the keyring contradicts itself; ``rollback`` older than one already seen;
``list`` another status list, or one that can't be; ``checkpoint`` what is signed is none.
"""
