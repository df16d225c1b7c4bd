"""The wheel, installed apart and run in an empty folder, answers every row of the founding article."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.seeds import SEEDS, Seed

ROWS = 48


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the wheel, unpack it as pip would, and return its place and an empty folder."""
    built = tmp_path_factory.mktemp("built")
    run = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    place = tmp_path_factory.mktemp("installed")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(place)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return place, tmp_path_factory.mktemp("empty")


@cache
def answer(place: Path, folder: Path, ask: str) -> list[dict[str, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "ask", *ask.split(), "--format", "csv"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_the_installed_wheel_is_what_runs(installed: tuple[Path, Path]) -> None:
    place, folder = installed
    code = "import kg, kg.places as p; print(kg.__file__); print(p.ONTOLOGY); print(p.QUESTIONS); print(p.CHECKS)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=True,
    )
    paths = done.stdout.split()
    assert len(paths) == 4
    assert all(Path(path).is_relative_to(place) for path in paths)


def test_every_row_has_a_seed() -> None:
    assert {seed.row for seed in SEEDS} == {f"S{number:02}" for number in range(1, ROWS + 1)}


@pytest.mark.parametrize("seed", SEEDS, ids=[f"{seed.row}-{seed.ask.split()[0]}-{n}" for n, seed in enumerate(SEEDS)])
def test_row_is_answered_exactly(seed: Seed, installed: tuple[Path, Path]) -> None:
    rows = [row for row in answer(*installed, seed.ask) if all(row[key] == value for key, value in seed.where.items())]
    assert {tuple(row[column] for column in seed.columns.split()) for row in rows} == seed.cells
