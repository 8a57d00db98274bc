"""Runs a function block in IEC 61131-3 structured text: the subset that the sample program uses.

Types BOOL, INT, UINT, UDINT, TIME, STRING, arrays, structures and the timer TON; assignments, IF,
CASE, FOR, EXIT; arithmetic and logic without functions. The text becomes Python source, so that
an unknown name or type is an error before anything runs. Numbers wrap around as their type does,
logic takes BOOL alone, an index out of range is an error: more strict than most PLCs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_TOKEN = re.compile(
    r"(?P<skip>\s+|\(\*.*?\*\)|//[^\n]*)|(?P<time>T#(?:\d+(?:ms|s|m|h))+)|(?P<number>\d+)"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<sign>:=|<>|<=|>=|\.\.|[-+*/=<>()\[\]:;,.])",
    re.DOTALL | re.IGNORECASE,
)
_WRAPS = {"INT": (-(2**15), 2**16), "UINT": (0, 2**16), "UDINT": (0, 2**32), "TIME": (0, 2**32)}
_MS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}
_LEVELS = (("OR",), ("XOR",), ("AND",), ("=", "<>"), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/"))
_PYTHON = {"=": "==", "<>": "!=", "/": "//", "AND": "and", "OR": "or", "XOR": "!="}
_TON = {"IN": "BOOL", "PT": "TIME", "Q": "BOOL", "ET": "TIME"}

Type = Any
"""A type's name, ``("array", low, high, type)`` or ``("struct", {name: type})``."""


class StructuredTextError(ValueError):
    """The text is none of this subset."""


def wrapped(type_name: str, value: Any) -> Any:
    """As a variable of that type holds it."""
    if type_name in _WRAPS:
        if isinstance(value, bool) or not isinstance(value, int):
            raise StructuredTextError(f"{value!r} is no {type_name}")
        low, size = _WRAPS[type_name]
        return (value - low) % size + low
    if not isinstance(value, {"BOOL": bool, "STRING": str}[type_name]):
        raise StructuredTextError(f"{value!r} is no {type_name}")
    return value


def truth(value: Any) -> bool:
    """A BOOL, and nothing else."""
    return bool(wrapped("BOOL", value))


def within(array: dict[int, Any], index: int) -> int:
    """The index, of an array that has it."""
    if index not in array:
        raise StructuredTextError(f"index {index} is out of range")
    return index


def on_delay(timer: dict[str, Any], now_ms: int, **inputs: Any) -> None:
    """One call of a TON."""
    timer.update(inputs)
    if not timer["IN"]:
        timer["since"] = None
    elif timer["since"] is None:
        timer["since"] = now_ms
    elapsed = 0 if timer["since"] is None else now_ms - timer["since"]
    timer["ET"] = min(elapsed, timer["PT"])
    timer["Q"] = timer["since"] is not None and elapsed >= timer["PT"]


class StructuredText:
    """One function block and its memory, which starts as after a cold start of the PLC."""

    def __init__(self, text: str) -> None:
        translation = _Translation(text)
        self.name = translation.name
        self.types = translation.variables
        self.memory: dict[str, Any] = {
            name: _fresh(kind) for name, kind in translation.variables.items()
        }
        self.memory |= translation.initial
        space: dict[str, Any] = {
            function.__name__: function for function in (truth, wrapped, within, on_delay)
        }
        exec(compile(translation.source, self.name, "exec"), space)
        self._body: Callable[[dict[str, Any], int], None] = space["body"]

    def scan(self, now_ms: int, **inputs: Any) -> None:
        """One scan at that time, after these inputs were copied in."""
        for name, value in inputs.items():
            self.memory[name] = value
        self._body(self.memory, now_ms)


def _fresh(kind: Type) -> Any:
    match kind:
        case ("array", low, high, element):
            return {index: _fresh(element) for index in range(low, high + 1)}
        case ("struct", members):
            return {name: _fresh(member) for name, member in members.items()}
        case "TON":
            return {"IN": False, "PT": 0, "Q": False, "ET": 0, "since": None}
        case _:
            return {"BOOL": False, "STRING": ""}.get(kind, 0)


class _Translation:
    """One pass over the tokens; the methods are the rules of the grammar."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._lines = ["def body(v, now):"]
        self._depth = 1
        self._structures: dict[str, Type] = {}
        self.variables: dict[str, Type] = {}
        self.initial: dict[str, Any] = {}
        while self._accept("TYPE"):
            name = self._word()
            self._expect(":", "STRUCT")
            self._structures[name] = ("struct", self._members())
            self._accept(";")
            self._expect("END_TYPE")
        self._expect("FUNCTION_BLOCK")
        self.name = self._word()
        while self._next in {"VAR", "VAR_INPUT", "VAR_OUTPUT"}:
            self._declarations()
        self._statements("END_FUNCTION_BLOCK")
        self._expect("END_FUNCTION_BLOCK")
        if self._next:
            raise self._error("the end")
        self.source = "\n".join(self._lines)

    # -- tokens ---------------------------------------------------------------------------------

    @property
    def _next(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _accept(self, *words: str) -> str:
        found = self._next
        if found not in words:
            return ""
        self._at += 1
        return found

    def _expect(self, *words: str) -> None:
        for word in words:
            if not self._accept(word):
                raise self._error(word)

    def _word(self) -> str:
        word = self._next
        if not re.fullmatch(r"[A-Za-z_]\w*", word):
            raise self._error("a name")
        self._at += 1
        return word

    def _error(self, wanted: str) -> StructuredTextError:
        line = self._tokens[min(self._at, len(self._tokens) - 1)][1]
        return StructuredTextError(f"line {line}: {wanted} expected, not {self._next or 'the end'}")

    # -- declarations ---------------------------------------------------------------------------

    def _members(self) -> dict[str, Type]:
        members = {}
        while not self._accept("END_STRUCT"):
            name = self._word()
            self._expect(":")
            members[name] = self._type()
            self._expect(";")
        return members

    def _declarations(self) -> None:
        self._at += 1
        self._accept("CONSTANT")
        while not self._accept("END_VAR"):
            name = self._word()
            self._expect(":")
            kind = self.variables[name] = self._type()
            if self._accept(":="):
                self.initial[name] = wrapped(kind, self._constant())
            self._expect(";")

    def _constant(self) -> Any:
        expression = self._expression()
        return eval(expression, {"v": self.initial, "truth": truth})

    def _type(self) -> Type:
        name = self._word()
        if name == "ARRAY":
            self._expect("[")
            low = self._constant()
            self._expect("..")
            high = self._constant()
            self._expect("]", "OF")
            return ("array", low, high, self._type())
        if name == "STRING" and self._accept("["):
            self._constant()
            self._expect("]")
        if name in self._structures:
            return self._structures[name]
        if name not in {*_WRAPS, "BOOL", "STRING", "TON"}:
            raise StructuredTextError(f"type {name} is unknown")
        return name

    # -- statements -----------------------------------------------------------------------------

    def _write(self, line: str) -> None:
        self._lines.append("    " * self._depth + line)

    def _block(self, head: str, *ends: str) -> None:
        self._write(head)
        self._depth += 1
        self._write("pass")
        self._statements(*ends)
        self._depth -= 1

    def _statements(self, *ends: str) -> None:
        while self._next not in ends and not (":" in ends and self._label_follows()):
            if not self._next:
                raise self._error(ends[0])
            self._statement()
            self._expect(";")

    def _statement(self) -> None:
        match self._accept("IF", "CASE", "FOR", "EXIT"):
            case "IF":
                self._if()
            case "CASE":
                self._case()
            case "FOR":
                self._for()
            case "EXIT":
                self._write("break")
            case _:
                self._assignment_or_call()

    def _assignment_or_call(self) -> None:
        place, kind = self._variable()
        if kind == "TON":
            self._expect("(")
            arguments = []
            while not self._accept(")"):
                name = self._word()
                self._expect(":=")
                arguments.append(f"{name}=wrapped('{_TON[name]}', {self._expression()})")
                self._accept(",")
            self._write(f"on_delay({place}, now, {', '.join(arguments)})")
            return
        self._expect(":=")
        self._write(f"{place} = wrapped({kind!r}, {self._expression()})")

    def _if(self) -> None:
        ends = ("ELSIF", "ELSE", "END_IF")
        condition = self._expression()
        self._expect("THEN")
        self._block(f"if truth({condition}):", *ends)
        while self._accept("ELSIF"):
            condition = self._expression()
            self._expect("THEN")
            self._block(f"elif truth({condition}):", *ends)
        if self._accept("ELSE"):
            self._block("else:", *ends)
        self._expect("END_IF")

    def _label_follows(self) -> bool:
        following = self._tokens[self._at + 1][0] if self._at + 1 < len(self._tokens) else ""
        return self._next.isdecimal() and following in {":", ","}

    def _case(self) -> None:
        selector = self._expression()
        self._expect("OF")
        head = "if"
        while self._label_follows():
            labels = [self._expression()]
            while self._accept(","):
                labels.append(self._expression())
            self._expect(":")
            self._block(f"{head} {selector} in ({', '.join(labels)},):", ":", "ELSE", "END_CASE")
            head = "elif"
        if self._accept("ELSE"):
            self._block("else:", "END_CASE")
        self._expect("END_CASE")

    def _for(self) -> None:
        place, _ = self._variable()
        self._expect(":=")
        first = self._expression()
        self._expect("TO")
        last = self._expression()
        self._expect("DO")
        self._block(f"for {place} in range({first}, {last} + 1):", "END_FOR")
        self._expect("END_FOR")

    # -- expressions ----------------------------------------------------------------------------

    def _variable(self) -> tuple[str, Type]:
        name = self._word()
        if name not in self.variables:
            raise StructuredTextError(f"{name} is not declared")
        place, kind = f"v[{name!r}]", self.variables[name]
        while sign := self._accept(".", "["):
            if sign == ".":
                member = self._word()
                members = _TON if kind == "TON" else kind[1]
                if member not in members:
                    raise StructuredTextError(f"{name} has no {member}")
                place, kind = f"{place}[{member!r}]", members[member]
            else:
                place, kind = f"{place}[within({place}, {self._expression()})]", kind[3]
                self._expect("]")
        return place, kind

    def _expression(self, level: int = 0) -> str:
        if level == len(_LEVELS):
            return self._operand()
        left = self._expression(level + 1)
        while sign := self._accept(*_LEVELS[level]):
            right = self._expression(level + 1)
            if level < 3:
                left, right = f"truth({left})", f"truth({right})"
            left = f"({left} {_PYTHON.get(sign, sign)} {right})"
        return left

    def _operand(self) -> str:
        match sign := self._accept("(", "NOT", "-", "TRUE", "FALSE"):
            case "(":
                inner = self._expression()
                self._expect(")")
                return f"({inner})"
            case "NOT":
                return f"(not truth({self._operand()}))"
            case "-":
                return f"(-{self._operand()})"
            case "TRUE" | "FALSE":
                return sign.capitalize()
        return self._number() or self._variable()[0]

    def _number(self) -> str:
        """An integer, or a time in ms; empty where none stands."""
        text = self._next
        is_time = text.upper().startswith("T#")
        if not is_time and not text.isdecimal():
            return ""
        self._at += 1
        if not is_time:
            return str(int(text))
        parts = re.findall(r"(\d+)(ms|s|m|h)", text.lower())
        return str(sum(int(number) * _MS[unit] for number, unit in parts))


def _tokens(text: str) -> list[tuple[str, int]]:
    """Tokens and their lines."""
    tokens, at = [], 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        line = text.count("\n", 0, at) + 1
        if found is None:
            raise StructuredTextError(f"line {line}: {text[at]!r} is not understood")
        if found.lastgroup != "skip":
            tokens.append((found[0], line))
        at = found.end()
    return tokens
