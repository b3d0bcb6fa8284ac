"""Policy packs: one version of a policy as a YAML file, with its clauses in three languages and all its parameters.

Numbers are read from the text as exact decimals. A pack with an unknown key, a missing parameter or an impossible
value is refused by name, with the place in the file. `loads(dumps(pack)) == pack`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from subsidies.rules import catalogue
from subsidies.rules.catalogue import PARAMETERS, POINT_CODES, STAGE_CODES
from subsidies.rules.errors import BadParameter, PackError
from subsidies.rules.parameters import Parameter, ParameterSet, Provenance, Since

LANGUAGES = ("en", "zh-hans", "de")
DEFAULT_PACK = Path(__file__).resolve().parent.parent / "policies" / "shuqiwan.yaml"
MOST_CHARACTERS = 1_000_000
NUMBER = re.compile(r"-?\d{1,20}(\.\d{1,10})?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Entry:
    """A point or a stage in words: its name and its clause, each by language."""

    name: Mapping[str, str] = field(hash=False)
    clause: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class PolicyPack:
    """One version of a policy, complete and possible."""

    policy: str
    version: str
    effective_from: date
    points: Mapping[str, Entry] = field(hash=False)
    stages: Mapping[str, Entry] = field(hash=False)
    parameters: Mapping[str, Parameter] = field(hash=False)

    def parameter_set(self) -> ParameterSet:
        """What the rules need of it."""
        return ParameterSet(self.version, self.effective_from, self.parameters)


def load(path: str | Path) -> PolicyPack:
    """Read a pack from a file. Raises PackError, or OSError where the file cannot be read."""
    try:
        return loads(Path(path).read_text(encoding="utf-8-sig"), file=Path(path).name)
    except UnicodeDecodeError as error:
        raise PackError("is not UTF-8", file=Path(path).name) from error


def loads(text: str, *, file: str = "") -> PolicyPack:
    """Read a pack from text; `file` is named in errors. Raises PackError."""
    if len(text) > MOST_CHARACTERS:
        raise PackError(f"is longer than {MOST_CHARACTERS} characters", file=file)
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = {"line": mark.line + 1, "column": mark.column + 1} if mark else {}
        raise PackError(f"is not YAML: {error.problem}", file=file, **place) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise PackError("is not YAML", file=file) from error
    if root is None:
        raise PackError("is empty", file=file)
    return _Reader(file).pack(root)


class _Reader:
    """Walks the nodes of one file; every refusal names its place."""

    def __init__(self, file: str) -> None:
        self.file = file

    def refuse(self, node: yaml.Node, problem: str) -> PackError:
        return PackError(problem, file=self.file, line=node.start_mark.line + 1, column=node.start_mark.column + 1)

    def pack(self, root: yaml.Node) -> PolicyPack:
        parts = self.mapping(
            root, "the pack", ("policy", "version", "effective_from", "points", "stages", "parameters")
        )
        return PolicyPack(
            policy=self.code(parts["policy"], "policy"),
            version=self.code(parts["version"], "version", re.compile(r"\S(.{0,62}\S)?")),
            effective_from=self.day(parts["effective_from"], "effective_from"),
            points=self.entries(parts["points"], "points", POINT_CODES),
            stages=self.entries(parts["stages"], "stages", STAGE_CODES),
            parameters=self.parameters(parts["parameters"]),
        )

    def entries(self, node: yaml.Node, what: str, codes: tuple[str, ...]) -> dict[str, Entry]:
        entries = {}
        for code, entry in self.mapping(node, what, codes).items():
            parts = self.mapping(entry, f"{what}.{code}", ("name", "clause"))
            words = {key: self.words(part, f"{what}.{code}.{key}") for key, part in parts.items()}
            entries[code] = Entry(words["name"], words["clause"])
        return entries

    def words(self, node: yaml.Node, what: str) -> dict[str, str]:
        return {
            language: self.text(text, f"{what}.{language}")
            for language, text in self.mapping(node, what, LANGUAGES).items()
        }

    def parameters(self, node: yaml.Node) -> dict[str, Parameter]:
        places = dict(self.pairs(node, "parameters"))
        missing = [name for name in PARAMETERS if name not in places]
        if missing:
            raise self.refuse(node, f"parameters are missing: {', '.join(missing)}")
        found = {name: self.parameter(name, part) for name, part in places.items()}
        try:
            catalogue.refuse_contradictions({n: p.value for n, p in found.items() if isinstance(p.value, Decimal)})
        except BadParameter as error:
            raise self.refuse(places[error.name], str(error)) from error
        return {name: found[name] for name in PARAMETERS}

    def parameter(self, name: str, node: yaml.Node) -> Parameter:
        if name not in PARAMETERS:
            raise self.refuse(node, f"parameter {name}: no rule knows this parameter")
        parts = self.mapping(node, f"parameter {name}", ("value", "unit", "provenance", "source"))
        provenance = self.text(parts["provenance"], f"parameter {name}: provenance")
        if provenance not in Provenance.__members__.values():
            raise self.refuse(
                parts["provenance"], f"parameter {name}: provenance is one of {', '.join(Provenance)}, not {provenance}"
            )
        parameter = Parameter(
            name,
            self.value(name, parts["value"]),
            self.text(parts["unit"], f"parameter {name}: unit"),
            Provenance(provenance),
            self.text(parts["source"], f"parameter {name}: source"),
        )
        try:
            catalogue.refuse_impossible(parameter)
        except BadParameter as error:
            raise self.refuse(parts["unit"] if "unit" in error.problem else parts["value"], str(error)) from error
        return parameter

    def value(self, name: str, node: yaml.Node) -> Decimal | tuple[Since, ...]:
        if not isinstance(node, yaml.SequenceNode):
            return self.number(node, f"parameter {name}: value")
        steps = [self.mapping(step, f"parameter {name}: each step", ("from", "value")) for step in node.value]
        return tuple(
            Since(
                self.day(step["from"], f"parameter {name}: from"),
                self.number(step["value"], f"parameter {name}: value"),
            )
            for step in steps
        )

    def mapping(self, node: yaml.Node, what: str, keys: tuple[str, ...]) -> dict[str, yaml.Node]:
        """The parts of a mapping that has exactly `keys`, in their order."""
        parts = dict(self.pairs(node, what, keys))
        missing = [key for key in keys if key not in parts]
        if missing:
            raise self.refuse(node, f"{what} lacks {', '.join(missing)}")
        return {key: parts[key] for key in keys}

    def pairs(self, node: yaml.Node, what: str, keys: tuple[str, ...] = ()) -> Iterator[tuple[str, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            raise self.refuse(node, f"{what} is no mapping")
        seen = set()
        for key_node, part in node.value:
            key = self.text(key_node, f"a key of {what}")
            if keys and key not in keys:
                raise self.refuse(key_node, f"{what} has an unknown key: {key}")
            if key in seen:
                raise self.refuse(key_node, f"{what} has the key {key} twice")
            seen.add(key)
            yield key, part

    def text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip() or node.tag == "tag:yaml.org,2002:null":
            raise self.refuse(node, f"{what} is empty or no text")
        return str(node.value)

    def code(self, node: yaml.Node, what: str, form: re.Pattern[str] = CODE) -> str:
        text = self.text(node, what)
        if not form.fullmatch(text):
            raise self.refuse(node, f"{what} cannot be {text!r}")
        return text

    def number(self, node: yaml.Node, what: str) -> Decimal:
        text = self.text(node, what)
        if not NUMBER.fullmatch(text):
            raise self.refuse(node, f"{what} is no number: {text}")
        return Decimal(text)

    def day(self, node: yaml.Node, what: str) -> date:
        text = self.text(node, what)
        try:
            if DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise self.refuse(node, f"{what} is no day (YYYY-MM-DD): {text}")


def dumps(pack: PolicyPack) -> str:
    """The pack as YAML, in the order of the policy."""
    tree = {
        "policy": pack.policy,
        "version": pack.version,
        "effective_from": pack.effective_from,
        "points": {code: _entry(entry) for code, entry in pack.points.items()},
        "stages": {code: _entry(entry) for code, entry in pack.stages.items()},
        "parameters": {name: _parameter(parameter) for name, parameter in pack.parameters.items()},
    }
    return yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def _entry(entry: Entry) -> dict[str, Any]:
    return {"name": dict(entry.name), "clause": dict(entry.clause)}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    value: Any = parameter.value
    if isinstance(value, tuple):
        value = [{"from": step.day, "value": step.value} for step in value]
    return {
        "value": value,
        "unit": parameter.unit,
        "provenance": parameter.provenance.value,
        "source": parameter.source,
    }


class _Dumper(yaml.SafeDumper):
    """Writes decimals digit by digit and repeats equal parts instead of pointing at them."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _write_decimal(dumper: yaml.SafeDumper, number: Decimal) -> yaml.ScalarNode:
    text = format(number, "f")
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_represent: Callable[..., None] = _Dumper.add_representer
_represent(Decimal, _write_decimal)
