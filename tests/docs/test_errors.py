"""The reference of errors lists every class and every code that the source can raise, no more.

Codes are read from the source itself: from each call of an error class. Where a code is put
together at run time, its family stands on the page with its variable part in angle brackets.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ikd
from ikd.core import errors, validators
from ikd.data.words import public_words

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "ikd"
PAGE = ROOT.joinpath("docs", "reference", "errors.md").read_text("utf-8")
CLASSES = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, errors.IkdError)
}
CODE = re.compile(r"requirements|[a-z]+\.[a-z_]+")
FIXED = {
    "ConflictError": "store.conflict",
    "OfficeFileError": "office.file",
    "PluginError": "plugin.failed",
    "RegistryUnavailableError": "registry.unavailable",
}
BY_FAULT = {"NikError": "nik", "DeviceError": "device", "TokenError": "token"}
BY_FIELD = {"ContactError": ("email", "phone"), "SecretError": ("pin", "passcode")}
UNSAID = {
    "SealError": "seal.broken",
    "StoreError": "store.failed",
    "DeliveryError": "channel.failed",
    "KeySourceError": "keys.failed",
}
"""What a class says where nothing is passed to it."""
ELSEWHERE = ("errors.py", "validators.py")
"""What raises a code that it is passed: it is read where it is passed."""
VALIDATORS = {
    name
    for name, made in vars(validators).items()
    if inspect.isfunction(made) and made.__annotations__["return"] == "Validator"
}


def modules() -> Iterator[ast.Module]:
    for file in sorted(SOURCE.rglob("*.py")):
        if "testing" not in file.relative_to(SOURCE).parts and file.name not in ELSEWHERE:
            yield ast.parse(file.read_text("utf-8"))


LEDGERS = {
    keyword.value.value
    for module in modules()
    for node in ast.walk(module)
    if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "Ledger"
    for keyword in node.keywords
    if keyword.arg == "word" and isinstance(keyword.value, ast.Constant)
}
CHECKED = {
    f"{node.args[0].value}.<field>"
    for module in modules()
    for node in ast.walk(module)
    if isinstance(node, ast.Call) and getattr(node.func, "id", None) in ("checked", "exactly")
    if isinstance(node.args[0], ast.Constant)
}
"""What the validators that name their field refuse by."""
NEVER = {
    "passcode.dead",  # one that isn't set is passcode.none, and one that is locked says so
    "passcode.resident_budget",  # a passcode is no PIN: its wrong guesses don't count for the NIK
}


def texts(tree: ast.AST) -> set[str]:
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def returned(module: ast.Module, function: str) -> set[str]:
    """Return the words that a function of the module returns."""
    return {
        word
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and node.name == function
        for leaf in ast.walk(node)
        if isinstance(leaf, ast.Return) and leaf.value is not None
        for word in texts(leaf.value)
    }


def family(code: ast.JoinedStr) -> str:
    """Return a code that is put together, e.g. ``command.<field>``."""
    parts = [str(part.value) if isinstance(part, ast.Constant) else "<>" for part in code.values]
    return "".join(parts).replace("<>.", "<name>.").replace(".<>", ".<field>")


def words(given: ast.expr, module: ast.Module, form: re.Pattern[str]) -> set[str]:
    """Return every word that an argument can be."""
    if isinstance(given, ast.JoinedStr):
        return {family(given)}
    if isinstance(given, ast.Call) and isinstance(given.func, ast.Name):
        found = returned(module, given.func.id)
    else:
        found = texts(given.body) | texts(given.orelse) if isinstance(given, ast.IfExp) else set()
        found = found or texts(given)
    return {word for word in found if form.fullmatch(word)}


def raised(name: str, call: ast.Call, module: ast.Module) -> set[str]:
    """Return every code that this call of an error class can give."""
    if name in FIXED:
        return {FIXED[name]}
    if not call.args:
        return {UNSAID[name]} if name in UNSAID else set()
    word = re.compile(r"[a-z0-9_]+")
    if name in BY_FAULT:
        return {f"{BY_FAULT[name]}.{fault}" for fault in words(call.args[0], module, word)}
    if name in BY_FIELD:
        fields = words(call.args[0], module, word) or set(BY_FIELD[name])
        faults = words(call.args[1], module, word)
        return {f"{field}.{fault}" for field in fields for fault in faults}
    if isinstance(call.args[0], ast.JoinedStr):
        if family(call.args[0]) == "<name>.<field>":
            return CHECKED
        if of_a_ledger(call.args[0]):
            return {family(call.args[0]).replace("<name>", word) for word in LEDGERS} - NEVER
        return passed_on(call, call.args[0], module) or {family(call.args[0])}
    found = words(call.args[0], module, CODE)
    if found:
        return found
    return chosen_elsewhere(name, call, module)


def of_a_ledger(code: ast.JoinedStr) -> bool:
    """Say whether a code begins with the word of the ledger whose tries it is about."""
    return any(
        isinstance(part, ast.FormattedValue)
        and isinstance(part.value, ast.Attribute)
        and part.value.attr == "word"
        for part in code.values
    )


def passed_on(call: ast.Call, code: ast.JoinedStr, module: ast.Module) -> set[str]:
    """Return the codes where a function puts its own argument into one, always a plain word."""
    makers = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and call in ast.walk(node)
    ]
    names = [
        part.value.id
        for part in code.values
        if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name)
    ]
    if len(makers) != 1 or len(names) != 1:
        return set()
    arguments = [argument.arg for argument in makers[0].args.args]
    uses = [node for node in ast.walk(module) if _is_call_of(node, makers[0].name)]
    given = [use.args[arguments.index(names[0])] for use in uses if names[0] in arguments]
    plain = [one.value for one in given if isinstance(one, ast.Constant)]
    whole = bool(given) and len(plain) == len(given)
    return {family(code).replace("<field>", str(word)) for word in plain} if whole else set()


def _is_call_of(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def chosen_elsewhere(name: str, call: ast.Call, module: ast.Module) -> set[str]:
    """Return the codes of this port that stand in the module and aren't raised by their word."""
    heads = {"StoreError": "store", "DeliveryError": "channel", "KeySourceError": "keys"}
    ports = [texts(keyword.value) for keyword in call.keywords if keyword.arg == "port"]
    head = {heads[name]} if name in heads else set().union(*ports)
    direct = {
        call.args[0].value
        for other, call in calls(module)
        if other in CLASSES and call.args and isinstance(call.args[0], ast.Constant)
    }
    return {
        code
        for code in texts(module) - direct
        if CODE.fullmatch(code) and code.partition(".")[0] in head
    }


def calls(module: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call of an error class; a class that is raised bare counts as called."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name):
            yield node.exc.id, ast.Call(func=node.exc, args=[], keywords=[])


def families(module: ast.Module) -> Iterator[str]:
    """Yield ``command.<field>`` and its like, of the validators that are made in the module."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            made = {leaf.id for leaf in (node.func, *node.args) if isinstance(leaf, ast.Name)}
            given = next((leaf for leaf in node.args if isinstance(leaf, ast.Constant)), None)
            if made & VALIDATORS and given is not None:
                yield f"{given.value}.<field>"


def validated() -> set[str]:
    """Return the names of the fields that have a validator: a row may be about one of them."""
    return {
        node.target.id
        for module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Call)
        and any(keyword.arg == "validator" for keyword in node.value.keywords)
    }


def codes_of_source() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in CLASSES}
    for module in modules():
        found["InputError"] |= set(families(module))
        for name, call in calls(module):
            if name in CLASSES:
                found[name] |= raised(name, call, module)
    return found


def sections() -> dict[str, str]:
    parts = re.split(r"^##+ (.+)$", PAGE, flags=re.MULTILINE)
    found = zip(parts[1::2], parts[2::2], strict=True)
    return {heading.strip("`"): text for heading, text in found if heading.startswith("`")}


def codes_of_page() -> dict[str, set[str]]:
    return {
        name: set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
        for name, text in sections().items()
    }


def test_every_class_of_errors_has_its_heading() -> None:
    assert set(sections()) == set(CLASSES)


def test_every_code_of_the_source_stands_under_its_class() -> None:
    page = codes_of_page()
    missing = {name: codes - page.get(name, set()) for name, codes in codes_of_source().items()}
    assert {name: sorted(codes) for name, codes in missing.items() if codes} == {}


def test_the_page_lists_no_code_that_nothing_raises() -> None:
    source = codes_of_source()
    of_fields = {
        family.replace("<field>", field)
        for family in source["InputError"]
        if family.endswith("<field>")
        for field in validated()
    }
    invented = {
        name: codes - source[name] - (of_fields if name == "InputError" else set())
        for name, codes in codes_of_page().items()
    }
    assert {name: sorted(codes) for name, codes in invented.items() if codes} == {}


def test_every_row_says_what_it_means_and_what_to_do() -> None:
    rows = re.findall(r"^\| `[^`]+` \|(.*)\|$", PAGE, re.MULTILINE)
    assert rows
    assert [row for row in rows if [cell.strip() for cell in row.split("|")].count("")] == []


def test_the_class_says_of_what_it_is_a_kind() -> None:
    for name, text in sections().items():
        parents = [parent.__name__ for parent in CLASSES[name].__bases__]
        said = re.search(r"^A kind of (.+?)\.", text, re.MULTILINE)
        assert said is None or re.findall(r"`(\w+)`", said[1]) == parents, name
        assert said or name == "IkdError", name


def made(kind: type[errors.IkdError], code: str) -> errors.IkdError:
    """Return an error of that code as whoever catches it meets it: without ``public``."""
    error = kind.__new__(kind)
    errors.IkdError.__init__(error, code)
    return error


LISTED = [(name, code) for name, codes in codes_of_page().items() for code in sorted(codes)]
BLAMES = re.compile(r"isian|periksa|check|enter", re.IGNORECASE)
LATER = re.compile(r"coba lagi.*lagi|try again", re.IGNORECASE)
TELLS = re.compile(r"terdaftar|registered|\bNIK\b|meninggal|deceased|aktif|active", re.IGNORECASE)


@pytest.fixture(scope="module")
def service() -> Iterator[ikd.Service]:
    with ikd.open_service(offices=["payakumbuh"], store="memory://", deliver="inline") as opened:
        yield opened


@pytest.mark.parametrize(("name", "code"), LISTED)
def test_every_code_has_a_text_for_the_public(service: ikd.Service, name: str, code: str) -> None:
    error = made(CLASSES[name], code)
    said = service.public_text(error)
    for text in (said.id, said.en):
        assert text
        assert code not in text
        assert TELLS.search(text) is None
        if code in public_words():
            continue  # hangs on what was typed alone; tests/test_words.py lists them
        if isinstance(error, errors.InputError):
            assert BLAMES.search(text)
        elif not isinstance(error, errors.RefusedError):
            assert LATER.search(text)
            assert BLAMES.search(text) is None


def test_a_text_hangs_on_the_kind_of_error_or_on_what_was_typed(service: ikd.Service) -> None:
    """Two texts within a kind would tell an unknown person from a known one."""
    kinds: dict[type, set[object]] = {}
    for name, code in LISTED:
        if code in public_words():
            continue
        family = next(
            kind
            for kind in (errors.InputError, errors.RefusedError, errors.IkdError)
            if issubclass(CLASSES[name], kind)
        )
        kinds.setdefault(family, set()).add(service.public_text(made(CLASSES[name], code)))
    assert {kind: len(texts) for kind, texts in kinds.items()} == dict.fromkeys(kinds, 1)
    assert len(kinds) == len(set().union(*kinds.values())) == 3


def test_the_text_is_what_an_error_of_handle_carries(service: ikd.Service) -> None:
    with pytest.raises(errors.InputError) as caught:
        service.handle("no command", actor=ikd.Actor.resident("s-1"), key="k")  # type: ignore[arg-type]
    assert caught.value.public == service.public_text(caught.value)


def test_an_error_raised_before_a_service_was_asked_has_a_text_too(service: ikd.Service) -> None:
    with pytest.raises(errors.NikError) as mistyped:
        ikd.Nik.parse("7407")
    with pytest.raises(errors.RefusedError) as unknown:
        service.get("ab" * 16, actor=ikd.Actor.system())
    assert (mistyped.value.public, unknown.value.public) == (None, None)
    assert "Periksa" in service.public_text(mistyped.value).id
    assert service.public_text(unknown.value).id


def test_a_service_that_does_not_open_says_so_in_public_words() -> None:
    with pytest.raises(errors.StoreError) as caught:
        ikd.open_service(offices=["payakumbuh"], store="sqlite:////proc/none/ikd.db")
    assert LATER.search(caught.value.public.en)  # type: ignore[attr-defined]


def test_a_code_that_hangs_on_what_was_typed_has_its_own_text(service: ikd.Service) -> None:
    for code, own in public_words().items():
        said = service.public_text(errors.RefusedError(code))
        assert (said.id, said.en) == (own["id"], own["en"])
    failed = errors.PortError("captcha.missing", port="captcha")  # ours, though of that code
    assert LATER.search(service.public_text(failed).en)
