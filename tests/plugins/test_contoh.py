"""The example is built, installed in an environment of its own, and used from there."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in *cwd*, without what the environment says about Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        env={**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"},
        check=False,
        capture_output=True,
        encoding="utf-8",
    )


def build(folder: Path, out: Path) -> Path:
    """Return the wheel that pip builds of *folder*; without hatchling at hand pip fetches it."""
    at_hand = importlib.util.find_spec("hatchling") is not None
    ended = run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", out),
        *(["--no-build-isolation"] if at_hand else []),
        folder,
        cwd=out.parent,
    )
    assert ended.returncode == 0, ended.stderr
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def example(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package's folder, as a developer would make one."""
    copied = tmp_path_factory.mktemp("example") / "ikd-contoh"
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache", "build", "dist")
    shutil.copytree(root / "examples" / "ikd-contoh", copied, ignore=ignored)
    return copied


@pytest.fixture(scope="module")
def python(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment in which the example is installed.

    What ikd itself needs is borrowed from the environment of the tests, so nothing is fetched.
    """
    fresh = tmp_path_factory.mktemp("fresh")
    venv.create(fresh / "env", symlinks=True)
    found = fresh / "env" / "bin" / "python"
    wheel = build(example, fresh / "wheels")
    ended = run(
        *(sys.executable, "-m", "pip", "--python", found, "install", "--quiet"),
        *("--no-deps", "--no-index", wheel),
        cwd=fresh,
    )
    assert ended.returncode == 0, ended.stderr
    site = Path(run(found, "-c", "import site; print(site.getsitepackages()[0])", cwd=fresh).stdout)
    lent = f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n"
    (Path(str(site).strip()) / "lent.pth").write_text(lent, "utf-8")
    return found


def test_it_is_installed_there_and_not_here(python: Path, tmp_path: Path) -> None:
    asks = "import ikd_contoh; print(ikd_contoh.__file__)"
    found = run(python, "-c", asks, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    assert Path(found.stdout).is_relative_to(python.parents[1])
    assert importlib.util.find_spec("ikd_contoh") is None


def test_the_command_lists_it(python: Path, tmp_path: Path) -> None:
    listed = run(python, "-m", "ikd", "plugins", "list", cwd=tmp_path)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "ikd-contoh  ikd-contoh 1.0.0  ikd_contoh\n" in listed.stdout


def test_a_resident_is_activated_through_it(python: Path, example: Path) -> None:
    """Its own tests: a service opened with it, a journey to an active identity, the contract."""
    ended = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", cwd=example)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "passed" in ended.stdout


def test_installed_but_unnamed_it_is_not_loaded(python: Path, tmp_path: Path) -> None:
    script = """
import sys, ikd
ikd.open_service(offices=["wakatobi"]).close()
assert not [name for name in sys.modules if name.startswith("ikd_contoh")]
try:
    ikd.open_service(offices=["contoh"])
except ikd.errors.OfficeFileError:
    print("unknown")
"""
    ended = run(python, "-c", script, cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "unknown\n", "")


def test_broken_it_names_itself(python: Path, tmp_path: Path) -> None:
    """Without its office file the installed package is broken; the service says whose fault."""
    shown = run(python, "-c", "import ikd_contoh; print(ikd_contoh.__path__[0])", cwd=tmp_path)
    file = Path(shown.stdout.strip()) / "contoh.toml"
    text = file.read_text("utf-8")
    script = """
import ikd
try:
    ikd.open_service(plugins=["ikd-contoh"])
except ikd.errors.PluginError as error:
    print(error.plugin, error)
"""
    file.write_text(text.replace('id = "contoh"', ""), "utf-8")
    try:
        ended = run(python, "-c", script, cwd=tmp_path)
    finally:
        file.write_text(text, "utf-8")
    assert ended.stdout.startswith("ikd-contoh plugin.failed: ikd-contoh: ikd_offices raised ")
    assert "office.file" in ended.stdout
