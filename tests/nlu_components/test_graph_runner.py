"""The parts of a model are run in an order in which each has what it needs."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.storage import ModelStorage

from nlu_components.graph_runner import StraightRunner, in_order


class Joins(GraphComponent):
    """Says its name after what it was given."""

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> Joins:
        return cls(config["name"])

    def run(self, one: str, two: str = "") -> str:
        return f"({one}{two}){self.name}"


def node(name: str, **needs: str) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Joins, constructor_name="create", fn="run", config={"name": name}
    )


SCHEMA = GraphSchema(
    {
        "d": node("d", one="c", two="b"),
        "c": node("c", one="a"),
        "b": node("b", one="a"),
        "a": node("a", one="message"),
        "other": node("other", one="tracker"),
    }
)


def test_a_model_gives_what_it_gives_with_rasas_own_runner(storage: ModelStorage) -> None:
    context = ExecutionContext(graph_schema=SCHEMA)
    given = {"message": "m", "tracker": "t"}
    ours = StraightRunner.create(SCHEMA, storage, context)
    rasas = DaskGraphRunner.create(SCHEMA, storage, context)

    for targets in (["d"], ["b"], ["other", "d"], ["d"]):
        assert ours.run(given, targets) == rasas.run(given, targets)

    assert ours.run(given, ["d"]) == {"d": "(((m)a)c((m)a)b)d"}


def test_each_part_comes_after_all_that_it_needs() -> None:
    names = in_order(SCHEMA)

    assert sorted(names) == ["a", "b", "c", "d", "other"]
    assert names.index("a") < min(names.index("b"), names.index("c"))
    assert names.index("d") > max(names.index("b"), names.index("c"))


def test_a_part_that_breaks_is_the_error_that_rasa_knows(storage: ModelStorage) -> None:
    runner = StraightRunner.create(SCHEMA, storage, ExecutionContext(graph_schema=SCHEMA))

    with pytest.raises(GraphRunError):
        runner.run({}, ["other"])
