"""Train one pipeline on one data set, parse every test message, and say what it took.

Runs in a process of its own, so that memory and time are those of one pipeline:
`python -m benchmarks.understanding.trial PIPELINE.yml DATASET.json RESULT.json`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import structlog
import yaml

WARM_UP = 20
"""Messages that are parsed before the clock runs."""
NO_LABEL = ("nlu_fallback", "near_tie")


def main(pipeline: Path, dataset: Path, result: Path) -> None:
    _be_quiet()
    data = json.loads(dataset.read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        measured = _measure(pipeline, data, Path(folder))
    result.write_text(json.dumps(measured), "utf-8")


def prediction(message: dict[str, Any]) -> dict[str, Any]:
    """What was decided, and the best label with its confidence whatever was decided."""
    intent = message["intent"]
    ranking = [
        (entry.get("name"), entry.get("confidence"))
        for entry in message.get("intent_ranking", [])
        if entry.get("name") not in NO_LABEL
    ]
    best, confidence = ranking[0] if ranking else (intent.get("name"), 0.0)
    selector = (message.get("response_selector") or {}).get(str(best)) or {}
    topics = [(e["intent_response_key"], e["confidence"]) for e in selector.get("ranking", [])]
    if topics:
        best, confidence = topics[0]
    return {
        "decided": intent.get("full_retrieval_intent_name") or intent.get("name"),
        "best": best,
        "confidence": confidence,
        "nearest": [label for label, _ in topics[:2]],
        "questions": message.get("questions", []),
    }


def _measure(pipeline: Path, data: dict[str, Any], folder: Path) -> dict[str, Any]:
    from rasa.core.agent import load_agent
    from rasa.model_training import train_nlu

    examples = folder / "nlu.yml"
    examples.write_text(_as_rasa(data["train"]), "utf-8")
    started = time.perf_counter()
    model = train_nlu(str(pipeline), str(examples), str(folder))
    trained = time.perf_counter() - started
    started = time.perf_counter()
    agent = asyncio.run(load_agent(model_path=model))
    ready = time.perf_counter() - started
    texts = [text for text, _ in data["test"]]
    loop = asyncio.new_event_loop()
    for text in texts[:WARM_UP]:
        loop.run_until_complete(agent.parse_message(text))
    parsed, milliseconds = [], []
    for text in texts:
        started = time.perf_counter()
        message = loop.run_until_complete(agent.parse_message(text))
        milliseconds.append((time.perf_counter() - started) * 1000)
        parsed.append(prediction(message))
    return {
        "train_seconds": trained,
        "ready_seconds": ready,
        "parse_ms": milliseconds,
        "memory_mb": _resident_mb(),
        "archive_mb": Path(str(model)).stat().st_size / 1e6,
        "examples": len(data["train"]),
        "labels": len({label for _, label in data["train"]}),
        "predictions": parsed,
    }


def _as_rasa(examples: list[list[str]]) -> str:
    by_label: dict[str, list[str]] = {}
    for text, label in examples:
        one_line = " ".join(text.split()).translate({91: "(", 93: ")", 123: "(", 125: ")"})
        by_label.setdefault(label, []).append("- " + one_line)
    nlu = [{"intent": label, "examples": "\n".join(t) + "\n"} for label, t in by_label.items()]
    return yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000)


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _be_quiet() -> None:
    """No debug output of each message: it would be measured too."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:4]))
