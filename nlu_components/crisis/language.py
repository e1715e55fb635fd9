"""Tell Spanish from English by the small words that no sentence does without."""

import re
from pathlib import Path

from nlu_components.crisis.strict_yaml import read_mapping, text_list
from nlu_components.crisis.views import folded

ENGLISH = "en"
SPANISH = "es"

WORD = re.compile(r"[^\W\d_]+")


class Languages:
    """Knows which language a message is in."""

    def __init__(self, path: Path) -> None:
        content = read_mapping(path, {ENGLISH, SPANISH})
        self._words = {name: frozenset(text_list(path, name, content[name])) for name in content}

    def of(self, text: str, *, otherwise: str = ENGLISH) -> str:
        """`es` or `en`; what `otherwise` says where the words are as much one as the other."""
        words = WORD.findall(folded(text))
        english, spanish = (
            sum(word in self._words[name] for word in words) for name in (ENGLISH, SPANISH)
        )
        if spanish == english:
            return otherwise
        return SPANISH if spanish > english else ENGLISH
