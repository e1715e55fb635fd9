"""Ways to look at one message, so that disguised words read like plain ones.

"Don't", "dont" and "DON’T" look the same in every view. Words that a person spaced out
("k i l l") or wrote with digits and signs ("su!c1de") look plain in at least one view.
"""

import re
import unicodedata

LONGEST_TEXT = 65_536
"""Of a longer text we read this many characters: most from the start, the rest from the end."""

SHARE_OF_THE_END = 16_384

CUT = " . "
HIDDEN_CONTACT = "_"
"""Stands where an e-mail or web address was: names in it are not what a person says."""

APOSTROPHES = "'’‘ʼ`´"
LOOKALIKES = str.maketrans("аеорсухіјѕԁ", "aeopcyxijsd")  # Cyrillic letters drawn like Latin ones
DIGITS_AND_SIGNS = str.maketrans("03457@$!€", "oeastasie")
SPACED_LETTERS = re.compile(r"(?<![^\W_])[^\W\d_](?:[ ._\-*,/][^\W_](?![^\W_])){2,}")
ADDRESS = re.compile(r"@|://|www\.")
"""Stands in every address."""
HESITATION = re.compile(r"\.{2,}|…")
SENTENCE_END = re.compile(r"(?<!\d)[.?!;]+|[.?!;]+(?!\d)")
# The star stays: it may stand for a hidden letter. So does every letter, digit and emoji.
PUNCTUATION = re.compile(r"[^\w\s*☠⚰\U0001F300-\U0001FAFF]|_(?=\w)|(?<=\w)_")


def views(text: str) -> list[list[str]]:
    """Every distinct view of the text, each a list of sentences. Never fails, whatever the text."""
    base = folded(text)
    joined = SPACED_LETTERS.sub(_join_letters, base)
    looks = [base, joined, _unmask(joined, one="i"), _unmask(joined, one="l")]
    return [split_sentences(look) for look in dict.fromkeys(looks)]


def folded(text: str) -> str:
    """Lower case, one alphabet, no accents, no apostrophes; punctuation stays."""
    return _fold(_bounded(text))


def unmasked(text: str) -> str:
    """The text without its disguise: "k1ll m y s e l f"; empty if it wears none."""
    base = folded(text)
    plain_letters = _unmask(SPACED_LETTERS.sub(_join_letters, base), one="i")
    return plain_letters if plain_letters.split() != base.split() else ""


def plain(text: str) -> str:
    """Lower case, no accents, no apostrophes, no punctuation: how patterns are spelled."""
    return " ".join(" ".join(split_sentences(_fold(text))).split())


def plain_sentences(text: str) -> list[str]:
    """The sentences of a message as it stands, without its punctuation."""
    return split_sentences(folded(text))


def squeezed(word: str) -> str:
    """The word with every letter once: "killlll" and "kill" are both "kil"."""
    return re.sub(r"(.)\1+", r"\1", word)


def is_stretched(word: str) -> bool:
    """Whether a letter stands there three times or more, which no ordinary word has."""
    return re.search(r"(.)\1\1", word) is not None


def split_sentences(text: str) -> list[str]:
    """The sentences without punctuation. "I. want. to. die." is one sentence, not four."""
    unhesitating = HESITATION.sub(" ", text)
    sentences = [PUNCTUATION.sub(" ", part).strip() for part in SENTENCE_END.split(unhesitating)]
    sentences = [sentence for sentence in sentences if sentence]
    words = sum(len(sentence.split()) for sentence in sentences)
    if len(sentences) > 2 and words < 2 * len(sentences):
        return [" ".join(sentences)]
    return sentences


def _bounded(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    start = text[: LONGEST_TEXT - SHARE_OF_THE_END - len(CUT)]
    return start + CUT + text[-SHARE_OF_THE_END:]


def _fold(text: str) -> str:
    """Lower case, one alphabet, no accents, no invisible signs, no apostrophes, no addresses."""
    # Bounded again: a few characters unfold into eighteen each.
    decomposed = unicodedata.normalize("NFKD", _bounded(unicodedata.normalize("NFKC", text)))
    lower = decomposed.lower()
    visible = lower.translate({ord(sign): _drawn(sign) for sign in set(lower)})
    if not ADDRESS.search(visible):
        return visible
    pieces = re.split(r"(\s+)", visible)
    return "".join(HIDDEN_CONTACT if _is_address(piece) else piece for piece in pieces)


def _drawn(sign: str) -> str:
    """What of a sign can be seen, as a letter of the one alphabet."""
    if sign.isascii() and sign.isprintable():
        return "" if sign in APOSTROPHES else sign
    category = unicodedata.category(sign)
    if category == "Cc":
        return " "
    if category in ("Mn", "Me", "Cf", "Cs") or sign in APOSTROPHES:
        return ""
    return sign.translate(LOOKALIKES)


def _is_address(piece: str) -> bool:
    _, at, domain = piece.partition("@")
    return "://" in piece or piece.startswith("www.") or bool(at and "." in domain.strip(".,;!?"))


def _join_letters(match: "re.Match[str]") -> str:
    return re.sub(r"[ ._\-*,/]", "", match.group())


def _unmask(text: str, one: str) -> str:
    """Read digits and signs inside words as the letters they are drawn like."""
    return " ".join(_unmask_word(word, one) for word in text.split())


def _unmask_word(word: str, one: str) -> str:
    kernel = word.rstrip("!?.,;:)")
    if kernel.isalpha() or not any(sign.isalpha() for sign in kernel):
        return word
    unmasked = kernel.translate(DIGITS_AND_SIGNS).replace("1", one).replace("|", one)
    return unmasked + word[len(kernel) :]
