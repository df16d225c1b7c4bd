"""Every block of the README that can be run is run, and prints what stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = ROOT / "README.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
CONSOLE = [text for kind, text in BLOCKS if kind == "console"]


def run(command: str, folder: Path) -> str:
    """Run a line of the README as a shell does, with `kg` as the command of this environment."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    remarks = [line for line in done.stderr.splitlines(keepends=True) if not line.startswith("First use")]
    remarks = [re.sub(r"\(\d+\.\d s\)", "(.. s)", line) for line in remarks]
    return done.stdout + "".join(remarks)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("readme")
    (turtle,) = (text for kind, text in BLOCKS if kind == "turtle")
    (made / "mine.ttl").write_text(turtle)
    (table,) = (text for kind, text in BLOCKS if kind == "csv")
    (made / "medicines.csv").write_text(table)
    return made


@pytest.mark.parametrize("number", range(len(CONSOLE)))
def test_session(number: int, folder: Path, request: pytest.FixtureRequest) -> None:
    block = CONSOLE[number]
    commands = re.findall(r"^\$ (.+)$", block, re.MULTILINE)
    printed = "".join(f"$ {command}\n{run(command, folder)}" for command in commands)
    if request.config.getoption("--rewrite-answers"):
        README.write_text(README.read_text().replace(f"```console\n{block}```", f"```console\n{printed}```"))
    else:
        assert block == printed


def test_python(folder: Path) -> None:
    (code,) = (text for kind, text in BLOCKS if kind == "python")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert "pNET cohort | hazard ratio | 0.23 (95% CI 0.12-0.42; P < .001) | News article on the EU approval" in lines
    assert re.fullmatch(r"\d+ stated, \d+ derived", lines[-1])


def test_the_commands_are_the_first_two_blocks() -> None:
    assert [kind for kind, _ in BLOCKS[:2]] == ["sh", "sh"]
    assert "kg ask approvals-of-substance" in BLOCKS[0][1]
    assert "pytest" in BLOCKS[1][1]


def test_every_part_is_run() -> None:
    assert len(CONSOLE) == 16
    assert {kind for kind, _ in BLOCKS} == {"sh", "console", "turtle", "csv", "python"}


def test_the_map_is_complete() -> None:
    """The top level holds what the README's map names, and what tools demand."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout: which files belong to the project is not known")
    tools = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", ".gitignore", ".ci"}
    top = {path.split("/")[0] for path in tracked}
    assert top - tools == {"ontology", "queries", "kg", "tests"}
    for name in top - tools:
        assert f"| `{name}/" in README.read_text()


def test_the_changelog_has_this_version() -> None:
    import kg

    assert f"## {kg.__version__} " in (ROOT / "CHANGELOG.md").read_text()
