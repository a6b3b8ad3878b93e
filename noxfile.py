"""Every check of the project: ``nox`` runs the default ones, ``nox -l`` lists all.

Tests meet the built wheel, never ``src``. Each of the three Pythons takes part where it is
present; an absent one is skipped by name. Nothing is downloaded but packages.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "virtualenv"
nox.options.download_python = "never"
nox.options.error_on_missing_interpreters = False  # with CI=true nox would fail instead of skipping
os.environ["UV_PYTHON_DOWNLOADS"] = "never"

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
WHEELS = Path(".nox", "wheels").resolve()
PYTEST = ("pytest", "-n", "auto", "--dist", "worksteal")  # no core waits while another has more
CORE_BRANCHES = 100  # per cent of lines and branches of core, by the tests of core alone


def _see_pyenv() -> None:
    """Put the newest pyenv build of each version on PATH: its shims answer for the others."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for version in PYTHONS:
        builds = root.glob(f"versions/{version}.*/bin/python{version}")
        newest = max(builds, key=lambda build: _patch_level(build.parts[-3]), default=None)
        if newest is not None:
            os.environ["PATH"] = f"{newest.parent}{os.pathsep}{os.environ['PATH']}"


def _patch_level(version: str) -> int:
    digits = version.split(".")[2]
    return int(digits) if digits.isdecimal() else -1


_see_pyenv()
PRESENT = [version for version in PYTHONS if shutil.which(f"python{version}")]
FULL = PRESENT[0] if PRESENT else PYTHONS[0]  # the oldest Python runs the slow tests too
MEASURED = PRESENT[-1] if PRESENT else PYTHONS[-1]  # and the newest measures core
PROPERTIES = "(hypothesis or fuzz) and not slow"


def _install_wheel(session: nox.Session, *groups: str) -> None:
    """Install the wheel built by ``build`` with all extras, and the dependency groups."""
    wheel = next(WHEELS.glob("ikd-*.whl")).as_uri()
    session.install(f"ikd[all] @ {wheel}", *nox.project.dependency_groups(PROJECT, *groups))
    # An environment that is used again (nox -r) would keep an older wheel of the same version.
    session.install("--force-reinstall", "--no-deps", f"ikd @ {wheel}")


def _pytest(session: nox.Session, *options: str, profile: str) -> None:
    """Run pytest on all cores with a hypothesis profile, unless the caller named another."""
    profile = os.environ.get("IKD_PROFILE", profile)
    session.run("python", "-m", *PYTEST, *options, *session.posargs, env={"IKD_PROFILE": profile})


def _measure_core(session: nox.Session) -> None:
    """Measure lines and branches of core by core's own tests; one that is missed fails."""
    session.run("coverage", "erase")
    tests = (*PYTEST, "-m", "not slow", "tests/core")
    session.run("coverage", "run", "-m", *tests, env={"IKD_PROFILE": "dev"})
    session.run("coverage", "combine", "--quiet")
    session.run(
        *("coverage", "report", "--skip-covered", "--show-missing", "--include", "*/ikd/core/*"),
        *("--fail-under", str(CORE_BRANCHES)),
    )


@nox.session
def build(session: nox.Session) -> None:
    """Build the source archive and, from it, the one wheel that all the tests meet."""
    shutil.rmtree(WHEELS, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--outdir", str(WHEELS), silent=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Hold the style: ruff's rules and ruff's format."""
    session.install(*nox.project.dependency_groups(PROJECT, "lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def dead(session: nox.Session) -> None:
    """Find code that nothing uses; what stays all the same has its reason in ``tools/dead.py``."""
    session.install(*nox.project.dependency_groups(PROJECT, "lint"))
    session.run("python", "tools/dead.py")


@nox.session(requires=["build"])
def types(session: nox.Session) -> None:
    """Check the types strictly, with the libraries' own types beside them."""
    _install_wheel(session, "lint", "test")
    session.run("mypy", "--strict", "src/ikd")


@nox.session(python=PYTHONS, requires=["build"])
def tests(session: nox.Session) -> None:
    """Run the tests against the wheel: each once on every Python, the slow ones on the oldest.

    There the property tests run at length (the ci profile, or the one in IKD_PROFILE); on the
    newest, core's tests run under coverage. Words after ``--`` make it one plain run of pytest.
    """
    _install_wheel(session, "test")
    session.run("python", "-c", "import ikd; assert 'site-packages' in ikd.__file__, ikd.__file__")
    if session.posargs:
        _pytest(session, profile="dev")
        return
    if session.python == MEASURED:
        _measure_core(session)
    if session.python == FULL:
        _pytest(session, "-m", PROPERTIES, profile="ci")
        _pytest(session, "-m", f"not ({PROPERTIES})", profile="dev")
    else:
        measured = ("--ignore=tests/core",) if session.python == MEASURED else ()
        _pytest(session, "-m", "not slow", *measured, profile="dev")


@nox.session(python=FULL, requires=["build"])
def interop(session: nox.Session) -> None:
    """Run the token tests beside cwt and pycose, which need an older cbor2 than the others."""
    _install_wheel(session, "test")
    session.install("cbor2==5.9.*", "cwt", "pycose")
    session.run(
        *("python", "-m", *PYTEST, "-m", "not slow"),
        *("tests/core/tokens", "tests/core/test_cbor.py"),
        *session.posargs,
    )


@nox.session(python=FULL, requires=["build"])
def portal(session: nox.Session) -> None:
    """Use the portal's pages in a real browser (Chromium); pictures of them go to build/portal."""
    _install_wheel(session, "portal")
    session.install("./examples/portal")
    session.run("mypy", "--strict", "examples/portal/src")
    session.run(
        *("python", "-m", "pytest", "-n", "2", "--dist", "worksteal", "examples/portal/tests"),
        *session.posargs,
    )


@nox.session(python=FULL, requires=["build"])
def clauses(session: nox.Session) -> None:
    """Take the rule of each published clause out and see its own test fail."""
    if not os.environ.get("IKD_SEEDS"):
        session.skip("IKD_SEEDS is unset (the offices' published texts)")
    _install_wheel(session, "test")
    session.run("python", "tools/rules_out.py", *session.posargs)


@nox.session(python=FULL, requires=["build"])
def api(session: nox.Session) -> None:
    """Ask a running server everything that its OpenAPI allows and much that it doesn't."""
    _install_wheel(session, "api")
    session.run("python", "tools/fuzz_api", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation as a site into ``build/site``; a warning is an error."""
    session.install(*nox.project.dependency_groups(PROJECT, "docs"))
    session.run("python", "tools/site.py", "build/site")


@nox.session(python=FULL, requires=["build"], default=False)
def sbom(session: nox.Session) -> None:
    """Write what a wheel with all its extras is made of into ``build/sbom.json`` (CycloneDX)."""
    wheel = next(WHEELS.glob("ikd-*.whl")).as_uri()
    session.install(f"ikd[all] @ {wheel}")
    lister = Path(session.create_tmp(), "lister")  # apart, or its own parts would be listed too
    session.run("python", "-m", "venv", str(lister), silent=True)
    session.run(str(lister / "bin" / "pip"), "install", "-q", "cyclonedx-bom", external=True)
    Path("build").mkdir(exist_ok=True)
    session.run(
        *(str(lister / "bin" / "cyclonedx-py"), "environment", "--pyproject", "pyproject.toml"),
        *("--output-reproducible", "--output-file", "build/sbom.json", session.bin + "/python"),
        external=True,
    )


@nox.session(python=FULL, requires=["build"], default=False)
def bench(session: nox.Session) -> None:
    """Print the benchmarks: ratios against a peer or primitive measured in the same run."""
    _install_wheel(session, "test")
    scripts = sorted(Path("tools", "bench").glob("*.py"))
    if not scripts:
        session.error("tools/bench holds no benchmark")
    for script in scripts:
        session.run("python", str(script), *session.posargs)


@nox.session(python=FULL, requires=["build"], default=False)
def mutation(session: nox.Session) -> None:
    """Break core's secrets, tokens and activation line by line, and see a test fail each time.

    It takes an hour or more. Words after ``--`` choose what is broken: ``ikd.core.secrets.*``.
    """
    _install_wheel(session, "test")
    session.install("mutmut>=3.8")
    shutil.rmtree("mutants", ignore_errors=True)
    session.run("mutmut", "run", *session.posargs, env={"IKD_PROFILE": "dev"})
    session.run("python", "tools/survivors.py", *session.posargs)
