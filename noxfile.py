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
CORE_BRANCHES = 100  # per cent of lines and branches of src/ikd/core


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


def _install_wheel(session: nox.Session, *groups: str) -> None:
    """Install the wheel built by ``build`` with all extras, and the dependency groups."""
    wheel = next(WHEELS.glob("ikd-*.whl")).as_uri()
    session.install(f"ikd[all] @ {wheel}", *nox.project.dependency_groups(PROJECT, *groups))
    # An environment that is used again (nox -r) would keep an older wheel of the same version.
    session.install("--force-reinstall", "--no-deps", f"ikd @ {wheel}")


def _pytest(session: nox.Session, *options: str, profile: str) -> None:
    """Run pytest on both cores with a hypothesis profile, unless the caller named another."""
    profile = os.environ.get("IKD_PROFILE", profile)
    session.run(
        *("python", "-m", "pytest", "-n", "auto", *options, *session.posargs),
        env={"IKD_PROFILE": profile},
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


@nox.session(requires=["build"])
def types(session: nox.Session) -> None:
    """Check the types strictly, with the libraries' own types beside them."""
    _install_wheel(session, "lint", "test")
    session.run("mypy", "--strict", "src/ikd")


@nox.session(python=PYTHONS, requires=["build"])
def tests(session: nox.Session) -> None:
    """Run the tests against the wheel; the slow ones on the oldest Python present only."""
    _install_wheel(session, "test")
    session.run("python", "-c", "import ikd; assert 'site-packages' in ikd.__file__, ikd.__file__")
    _pytest(session, *(() if session.python == FULL else ("-m", "not slow")), profile="dev")


@nox.session(name="property", python=FULL, requires=["build"])
def properties(session: nox.Session) -> None:
    """Run the property tests again, at length: the ci profile, or the one in IKD_PROFILE."""
    _install_wheel(session, "test")
    _pytest(session, "-m", "(hypothesis or fuzz) and not slow", profile="ci")


@nox.session(python=FULL, requires=["build"])
def coverage(session: nox.Session) -> None:
    """Measure lines and branches of core by core's own tests; one that is missed fails."""
    _install_wheel(session, "test")
    session.run("coverage", "erase")
    session.run(
        *("coverage", "run", "-m", "pytest", "-n", "auto", "-m", "not slow", "tests/core"),
        *session.posargs,
        env={"IKD_PROFILE": "dev"},
    )
    session.run("coverage", "combine", "--quiet")
    session.run(
        *("coverage", "report", "--skip-covered", "--show-missing", "--include", "*/ikd/core/*"),
        *("--fail-under", str(CORE_BRANCHES)),
    )


@nox.session(python=FULL, requires=["build"])
def interop(session: nox.Session) -> None:
    """Run the token tests beside cwt and pycose, which need an older cbor2 than the others."""
    _install_wheel(session, "test")
    session.install("cbor2==5.9.*", "cwt", "pycose")
    session.run(
        *("python", "-m", "pytest", "-n", "auto", "-m", "not slow"),
        *("tests/core/tokens", "tests/core/test_cbor.py"),
        *session.posargs,
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
