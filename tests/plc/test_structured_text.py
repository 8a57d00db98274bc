"""The interpreter of the sample program, and the program by itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plc.plant import ST_FILE, StPlc
from tests.plc.structured_text import StructuredText, StructuredTextError


def run(body: str, declarations: str = "", scans: int = 1, step_ms: int = 10) -> dict[str, Any]:
    text = f"FUNCTION_BLOCK F VAR {declarations} END_VAR {body} END_FUNCTION_BLOCK"
    program = StructuredText(text)
    for scan in range(scans):
        program.scan(scan * step_ms)
    return program.memory


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("2 + 3 * 4 - 6 / 2", 11),
        ("(2 + 3) * 4", 20),
        ("-7 + 2", -5),
        ("7 / 2", 3),
        ("32767 + 1", -32768),
    ],
)
def test_numbers(expression: str, value: int) -> None:
    assert run(f"n := {expression};", "n : INT;")["n"] == value


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("TRUE OR FALSE AND FALSE", True),
        ("NOT FALSE AND FALSE", False),
        ("TRUE XOR TRUE OR TRUE", True),
        ("1 + 1 = 2 AND 3 <> 4", True),
        ("2 >= 2 AND NOT (1 > 2)", True),
    ],
)
def test_logic_binds_as_the_standard_says(expression: str, value: bool) -> None:
    assert run(f"b := {expression};", "b : BOOL;")["b"] is value


def test_numbers_without_a_sign_wrap_around() -> None:
    memory = run("a := 3 - 5; b := 65535 + 2;", "a : UDINT; b : UINT;")
    assert (memory["a"], memory["b"]) == (2**32 - 2, 1)


def test_branches_loops_and_cases() -> None:
    memory = run(
        """
        FOR i := 1 TO 4 DO
            a[i] := i * i;
            IF i = 3 THEN EXIT; END_IF;
        END_FOR;
        CASE a[2] OF
            1, 2: n := 1;
            3, 4: n := 2; m := 7;
        ELSE n := 3;
        END_CASE;
        IF n > 5 THEN k := 1; ELSIF n = 2 THEN k := 2; ELSE k := 3; END_IF;
        """,
        "a : ARRAY[1..4] OF INT; i : INT; n : INT; m : INT; k : INT;",
    )
    assert memory["a"] == {1: 1, 2: 4, 3: 9, 4: 0}
    assert (memory["n"], memory["m"], memory["k"]) == (2, 7, 2)


def test_a_timer_is_on_after_its_time_and_off_at_once() -> None:
    declarations = "t : TON; n : INT; on : BOOL; at : INT;"
    body = """n := n + 1; t(IN := n <> 8, PT := T#30ms);
        IF t.Q AND at = 0 THEN at := n; END_IF; on := t.Q;"""
    assert run(body, declarations, scans=7)["at"] == 4
    assert run(body, declarations, scans=7)["on"] is True
    assert run(body, declarations, scans=8)["on"] is False
    assert run(body, declarations, scans=11)["on"] is False
    assert run(body, declarations, scans=12)["on"] is True


@pytest.mark.parametrize(
    ("body", "declarations", "complaint"),
    [
        ("n := m;", "n : INT;", "m is not declared"),
        ("n := 1", "n : INT;", "line 1: ; expected"),
        ("t(IN := TRUE); n := t.X;", "n : INT; t : TON;", "t has no X"),
        ("n := TRUE;", "n : INT;", "True is no INT"),
        ("b := 1 AND TRUE;", "b : BOOL;", "1 is no BOOL"),
        ("", "n : REAL;", "type REAL is unknown"),
        ("n := 1 ? 2;", "n : INT;", "'\\?' is not understood"),
    ],
)
def test_what_is_wrong_is_refused(body: str, declarations: str, complaint: str) -> None:
    with pytest.raises(StructuredTextError, match=complaint):
        run(body, declarations)


def test_an_index_out_of_range_is_an_error() -> None:
    with pytest.raises(StructuredTextError, match="index 5"):
        run("a[5] := 1;", "a : ARRAY[1..4] OF INT;")


# -- the sample program --------------------------------------------------------------------------


class Bench:
    """The program with hands on its inputs."""

    def __init__(self) -> None:
        self.st = StructuredText(ST_FILE.read_text(encoding="utf-8"))
        self.station: dict[str, Any] = dict(self.st.memory["station"])
        self.station |= {"online": True}
        self.encoder, self.now_ms, self.beating = 0, 0, True

    def scan(self, times: int = 1, **inputs: Any) -> None:
        for _ in range(times):
            self.now_ms += 10
            if self.beating:
                self.station["heartbeat"] = (self.station["heartbeat"] + 1) % 2**16
            self.st.scan(
                self.now_ms, station=dict(self.station), encoder_now=self.encoder, **inputs
            )

    def part(self, at: int | None = None) -> int:
        """A part comes to the sensor; the encoder count that is latched."""
        self.encoder = self.encoder if at is None else at
        self.scan(4)
        self.scan(part_sensor=True)
        self.station["exposure_complete"] = not self.station["exposure_complete"]
        self.scan(part_sensor=False)
        return self.encoder

    def result(self, encoder: int, *, ok: bool, ng: bool, master: bool = False) -> None:
        self.station |= {
            "result_valid": True, "result_toggle": not self.plc["result_ack"],
            "encoder": encoder, "ok": ok, "ng": ng, "master": master,
        }  # fmt: skip
        self.scan()

    def gate_at(self, encoder: int) -> bool:
        self.encoder = encoder % 2**32
        self.scan()
        return bool(self.st.memory["gate_pass"])

    @property
    def plc(self) -> dict[str, Any]:
        plc: dict[str, Any] = self.st.memory["plc"]
        return plc


@pytest.mark.parametrize(
    ("ok", "ng", "master", "passes"),
    [
        (True, False, False, True),
        (False, True, False, False),
        (False, False, False, False),
        (True, True, False, False),
        (False, True, True, True),
        (True, True, True, False),
    ],
)
def test_only_a_plain_ok_or_a_limit_sample_passes(
    ok: bool, ng: bool, master: bool, passes: bool
) -> None:
    bench = Bench()
    part = bench.part(at=5000)
    assert bench.plc["encoder"] == 5000
    bench.result(part, ok=ok, ng=ng, master=master)
    assert bench.plc["result_ack"] == bench.station["result_toggle"]
    assert bench.gate_at(part + 900) is False
    assert bench.gate_at(part + 1000) is passes
    assert bench.gate_at(part + 1100) is False


def test_the_encoder_may_wrap_between_camera_and_gate() -> None:
    bench = Bench()
    part = bench.part(at=2**32 - 300)
    bench.result(part, ok=True, ng=False)
    assert bench.gate_at(part + 1000)


def test_a_part_without_a_result_is_ejected_and_its_late_ok_changes_nothing() -> None:
    bench = Bench()
    part = bench.part(at=100)
    assert not bench.gate_at(part + 970)
    assert bench.plc["timeout_rejects"] == 1
    bench.result(part, ok=True, ng=False)
    assert not bench.gate_at(part + 1000)
    assert bench.plc["timeout_rejects"] == 1


def test_an_ok_of_another_part_opens_for_none() -> None:
    bench = Bench()
    part = bench.part(at=100)
    bench.result(part + 1, ok=True, ng=False)
    assert not bench.gate_at(part + 1000)


def test_a_heartbeat_that_stands_still_clears_to_reject() -> None:
    bench = Bench()
    part = bench.part(at=100)
    bench.result(part, ok=True, ng=False)
    bench.beating = False
    bench.scan(60)
    assert not bench.plc["trigger_enable"]
    assert not bench.gate_at(part + 1000), "its outputs stand as they were: OK, and valid"
    bench.beating = True
    bench.scan(2)
    assert not bench.gate_at(part + 1001), "what was cleared stays cleared"
    assert bench.plc["timeout_rejects"] == 1


@pytest.mark.parametrize("change", [{"online": False}, {"error": True}])
def test_a_station_that_withdraws_clears_to_reject(change: dict[str, bool]) -> None:
    bench = Bench()
    part = bench.part(at=100)
    bench.result(part, ok=True, ng=False)
    bench.station |= change
    assert not bench.gate_at(part + 1000)


def test_a_reject_beside_a_good_part_ejects_both() -> None:
    bench = Bench()
    good = bench.part(at=1000)
    bad = bench.part(at=1030)
    bench.result(good, ok=True, ng=False)
    bench.result(bad, ok=False, ng=True)
    assert bench.gate_at(good + 965), "it is alone at the gate still"
    assert not bench.gate_at(good + 1000)


def test_a_part_that_comes_while_the_trigger_is_high_gets_no_result_of_another() -> None:
    bench = Bench()
    bench.encoder = 1000
    bench.scan(4)
    bench.scan(part_sensor=True)
    bench.scan(part_sensor=False)
    bench.encoder = 1060
    bench.scan(part_sensor=True)
    assert bench.plc["trigger"]
    assert (bench.plc["encoder"], bench.plc["trigger_count"]) == (1000, 2)
    bench.result(1000, ok=True, ng=False)
    assert bench.gate_at(1980)
    assert not bench.gate_at(2060)
    assert bench.plc["timeout_rejects"] == 1


def test_a_trigger_that_nobody_answers_is_low_again_for_the_next_part() -> None:
    bench = Bench()
    fired = set()
    for number in range(1, 21):
        bench.encoder = 1000 * number
        bench.scan(part_sensor=True)
        fired.add(bench.plc["encoder"])
        bench.scan(20, part_sensor=False)
    assert len(fired) >= 10, "each second one"


def test_bounces_and_jogging_back_are_no_parts() -> None:
    bench = Bench()
    part = bench.part(at=1000)
    bench.part(at=part + 5)
    bench.part(at=part - 30)
    assert bench.plc["trigger_count"] == 1


def test_more_parts_than_places_stop_the_line_until_somebody_looks() -> None:
    bench = Bench()
    for number in range(17):
        bench.part(at=1000 + 30 * number)
    assert bench.st.memory["line_stop"]
    bench.scan(reset_button=True)
    assert not bench.st.memory["line_stop"]


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_recipe_is_asked_for_and_no_part_is_meant_meanwhile(confirmed: bool) -> None:
    bench = Bench()
    bench.scan(recipe_number=42, recipe_change=True)
    assert (bench.plc["wants_to_write"], bench.plc["recipe_request"]) == (True, False)
    assert not bench.plc["trigger_enable"]
    bench.station["plc_may_write"] = True
    bench.scan()
    assert (bench.plc["recipe_request"], bench.plc["recipe_wanted"]) == (True, 42)
    bench.station |= {"recipe_answer": 41, "recipe_confirmed": True, "recipe": 41}
    bench.scan(3)
    assert bench.plc["recipe_request"], "the answer to another number is none"
    bench.station |= {
        "recipe_answer": 42, "recipe": 42 if confirmed else 41,
        "recipe_confirmed": confirmed, "recipe_refused": not confirmed,
    }  # fmt: skip
    bench.scan(2)
    assert not bench.plc["recipe_request"]
    assert bench.st.memory["recipe_fault"] is not confirmed
    assert bench.plc["trigger_enable"] is confirmed


def test_a_recipe_that_is_never_answered_is_a_fault() -> None:
    bench = Bench()
    bench.scan(recipe_number=42, recipe_change=True)
    bench.scan(3100)
    assert bench.st.memory["recipe_fault"]
    assert not bench.plc["wants_to_write"]


def test_the_heartbeat_of_the_plc_counts_and_wraps() -> None:
    bench = Bench()
    bench.plc["heartbeat"] = 65534
    bench.scan()
    assert bench.plc["heartbeat"] == 65535
    bench.scan()
    assert bench.plc["heartbeat"] == 0


def test_its_images_are_those_of_the_registers() -> None:
    plc = StPlc()
    assert plc.inputs.heartbeat == 0
