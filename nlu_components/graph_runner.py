"""Run Rasa's graph of components one after the other, in an order found once.

Rasa gives its graph to dask anew three times in a turn, and writes all of it into a text for a log
that nobody reads. The parts stand in one line: with the order known, running them is a loop.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Text, Tuple

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

Step = Tuple[Text, GraphNode, Tuple[Text, ...]]
"""A node's name, the node, and whose outputs it is called with."""


class StraightRunner(DaskGraphRunner):
    """Does what dask does with the same graph and the same nodes."""

    def run(
        self,
        inputs: Optional[Dict[Text, Any]] = None,
        targets: Optional[List[Text]] = None,
    ) -> Dict[Text, Any]:
        """Runs the graph (see parent class for full docstring)."""
        wanted = tuple(targets or self._graph_schema.target_names)
        # A node takes its inputs as pairs of name and value; a name alone if there is none.
        outputs: Dict[Text, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needs in self._steps_to(wanted):
                outputs[name] = node(*[outputs.get(need, need) for need in needs])
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(outputs[name] for name in wanted)

    def _steps_to(self, targets: Tuple[Text, ...]) -> List[Step]:
        known: Dict[Tuple[Text, ...], List[Step]] = self.__dict__.setdefault("_steps", {})
        if targets not in known:
            schema = self._graph_schema.minimal_graph_schema(list(targets))
            known[targets] = [
                (name, self._instantiated_nodes[name], tuple(schema.nodes[name].needs.values()))
                for name in in_order(schema)
            ]
        return known[targets]


def in_order(schema: GraphSchema) -> List[Text]:
    """The names of all nodes, each after those whose output it needs."""
    ordered: Dict[Text, None] = {}

    def place(name: Text) -> None:
        if name in ordered or name not in schema.nodes:
            return
        for need in schema.nodes[name].needs.values():
            place(need)
        ordered[name] = None

    for name in schema.nodes:
        place(name)
    return list(ordered)
