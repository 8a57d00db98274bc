"""Parts that people judged are taught to a real engine by the office, and judged otherwise then."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.recipe import Recipe
from inspector.core.record import RecordKind
from inspector.durable.yaml_files import dump_yaml
from inspector.ledger.reader import RecordFilter
from inspector.link.messages import Judge, Mark, Start
from inspector.link.questions.lessons import AskLessons, Lessons, TaughtLessons, TeachLessons
from inspector.link.questions.parts import ListParts, Parts, Which
from inspector.office.room import Room
from inspector.office.serving import in_process
from inspector.teaching.bundles import current_bundle
from inspector.teaching.teach import teach
from tests.office.conftest import PARTS, Desk, made_plant
from tests.office.test_teaching import done
from tests.station.production_line import opened, wait_until


@pytest.mark.slow
def test_false_rejects_are_taught_and_pass_and_what_runs_stays(tmp_path: Path) -> None:
    plant = made_plant(tmp_path)
    good = tmp_path / "good"
    good.mkdir()
    for path in plant.pictures.glob("*-good.png"):
        (good / path.name).write_bytes(path.read_bytes())
    room = Room.of_line(plant.line_file)
    recipe = Recipe.model_validate(
        room.catalogue.recipe("tiny").model_dump(mode="json", exclude={"engine"})
        | {"engine": {"method": "patchcore", "coreset": 100}}
    )
    (plant.line_file.parent / "products/tiny.yaml").write_bytes(dump_yaml(recipe))
    teach(str(good), recipe, plant.data_folder, runtime=room.config.runtime)
    with opened(plant, limit=PARTS) as station, in_process(room, station.console) as client:
        desk = Desk(plant, station, room, client)
        station.console.call(Start())
        wait_until(lambda: station.station.status().parts.verdicts >= PARTS, "no parts", 120)
        assert station.station.request_stop_and_wait(30.0)
        inspected = RecordFilter(RecordKind.INSPECTION)
        wait_until(lambda: room.ledger.count(inspected) >= PARTS, "no records")
        rejects, passes = parts_of(desk, "rejects"), parts_of(desk, "passes")
        mark = Mark(((0.4, 0.4), (0.6, 0.6)), 0)
        for command in (
            *(Judge(part, "good") for part in rejects[:3]),
            Judge(passes[0], "defect", "stain", (mark,)),
        ):
            desk.log_in("eno")
            station.console.call(command)
        wait_until(lambda: len(lessons(desk).missed) == 1, "no records")
        assert len(lessons(desk).good) == 3
        assert lessons(desk).problem == ""
        before = current_bundle(plant.data_folder, "tiny")
        loaded = station.station.details().engine

        taught = done(desk, TeachLessons("tiny", "good"), desk.log_in("eno"), seconds=240.0)
        assert isinstance(taught, TaughtLessons)
        print(taught)
        assert taught.cured == taught.given >= 1
        assert taught.after <= taught.before + 1
        assert current_bundle(plant.data_folder, "tiny") != before
        assert station.station.details().engine == loaded  # never a live change
        assert lessons(desk).good == ()


def parts_of(desk: Desk, which: Which) -> list[int]:
    answer = desk.ask(ListParts(which=which), desk.log_in("eno"))
    assert isinstance(answer, Parts)
    return [one.part for one in answer.entries]


def lessons(desk: Desk) -> Lessons:
    answer = desk.ask(AskLessons("tiny"), desk.log_in("eno"))
    assert isinstance(answer, Lessons)
    return answer
