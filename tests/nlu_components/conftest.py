"""A place for Rasa to keep models in, and the real embedding model, loaded once."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if find_spec("rasa") is None:  # these tests run in Rasa's environment only
    collect_ignore_glob = ["test_*.py"]

if TYPE_CHECKING:
    from rasa.engine.graph import SchemaNode
    from rasa.engine.storage.storage import ModelStorage

    from nlu_components.embedding import SentenceEmbedder

HOME = Path(__file__).parents[2]
EMBEDDING = HOME / "models" / "embedding"


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    from nlu_components.embedding import SentenceEmbedder

    return SentenceEmbedder(EMBEDDING)


@pytest.fixture
def storage(tmp_path: Path) -> ModelStorage:
    from rasa.engine.storage.local_model_storage import LocalModelStorage

    folder = tmp_path / "storage"
    folder.mkdir()
    return LocalModelStorage.create(folder)


def nodes_of(*components: str) -> list[SchemaNode]:
    """What Rasa's recipe makes of a pipeline of these components, when a visitor writes."""
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.shared.data import TrainingType

    config = {"language": "en", "pipeline": [{"name": name} for name in components]}
    graph = DefaultV1Recipe().graph_config_for_recipe(config, {}, TrainingType.NLU)
    return list(graph.predict_schema.nodes.values())
