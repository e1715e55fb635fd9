"""Read a phone number or an e-mail address, alone or in a sentence."""

import re
from collections.abc import Iterator, Mapping

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from clinic.screening.items import Item
from clinic.screening.reading.reading import Reading, problem
from clinic.screening.reading.words import NEGATORS, plain_words, word_set, words_of

_REGION = "US"  # a number without a country code is taken for a US number
_EXTENSION = r"(?:[,;]?\s*(?:x|ext\.?|extension|;ext=)[\s:.]*\d{1,7})?"
_ONLY_A_NUMBER = re.compile(rf"[\d\s().+/-]+{_EXTENSION}", re.IGNORECASE)
_WITHOUT_AREA_CODE = re.compile(r"(?<![\d-])(?<!\d[ .])\d{3}[ .-]?\d{4}(?![ .-]?\d)")
_LIKE_AN_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")
_LEADS_TO_AN_ADDRESS = word_set(
    "email emails mail e its it is to at use try my me sure ok okay yes yeah here address write"
    " send mailto gmail or and contact"
)
_LOOK_BACK = 3  # "not 202-555-0123", "don't call 202-555-0123"

_PHONE = problem("Please type a phone number with its area code, for example (202) 555-0123.")
_AREA_CODE = problem(
    "I also need the area code, the first three digits. Please type the whole number, "
    "for example (202) 555-0123."
)
_EMAIL = problem("Please type an e-mail address, for example name@example.com.")
_ENDING = problem("Please check the end of your e-mail address and type it once more.")

# Domains that are surely a slip, by what was meant.
_SLIPS: Mapping[str, str] = {
    slip: meant
    for meant, slips in {
        "gmail.com": "gmial.com gmai.com gamil.com gmal.com gmil.com gnail.com gmaill.com"
        " gmaail.com ggmail.com gmali.com gmaul.com gmsil.com gimail.com gmeil.com gmail.co"
        " gmail.cm gmail.om gmail.comm gmail.co.com",
        "yahoo.com": "yaho.com yahooo.com yhoo.com yahho.com yaoo.com yhaoo.com yahoo.co yahoo.cm"
        " yahoo.om yahoo.comm",
        "hotmail.com": "hotmial.com hotmal.com hotmil.com hotmai.com hotamil.com htomail.com"
        " hotmaill.com hotnail.com hotmail.co hotmail.cm hotmail.om hotmail.comm",
        "outlook.com": "outlok.com outloo.com outllook.com outlool.com oulook.com outook.com"
        " outlook.co outlook.cm outlook.comm",
        "icloud.com": "iclod.com iclould.com icoud.com icloud.co icloud.cm icloud.comm",
        "aol.com": "aol.co aol.cm aol.comm",
    }.items()
    for slip in slips.split()
}
_NO_ENDING = (".con", ".cmo", ".ocm", ".vom", ".xom", ".comm", ".orgg", ".nett")


def read_phone(item: Item, text: str, lenient: bool) -> Reading:
    if not lenient and not _ONLY_A_NUMBER.fullmatch(text):
        return _PHONE
    matches = phonenumbers.PhoneNumberMatcher(text, _REGION)
    numbers = {_kept(match.number) for match in matches if not _is_denied(text[: match.start])}
    if not numbers and _ONLY_A_NUMBER.fullmatch(text):
        numbers = _whole_number(text)
    if len(numbers) > 1:
        return problem("I read more than one phone number. Which one should we call?")
    if not numbers:
        return _AREA_CODE if len(_WITHOUT_AREA_CODE.findall(text)) == 1 else _PHONE
    return Reading(values=tuple(numbers))


def read_email(item: Item, text: str, lenient: bool) -> Reading:
    written = [text] if not lenient else list(_addresses_in(text))
    addresses = {address for one in written if (address := _address(one))}
    if len(addresses) > 1:
        return problem("I read more than one e-mail address. Which one should we use?")
    if not addresses:
        return _EMAIL
    return _without_slips(addresses.pop())


def _whole_number(text: str) -> set[str]:
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return set()
    return {_kept(number)} if phonenumbers.is_valid_number(number) else set()


def _kept(number: phonenumbers.PhoneNumber) -> str:
    """E.164, with the extension as RFC 3966 writes it."""
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else e164


def _is_denied(before: str) -> bool:
    """Whether the words right before a number say that it is not the one."""
    words = words_of(f"{before} x")
    last = words[-1]
    near = words[-1 - _LOOK_BACK : -1]
    return any(word.clause == last.clause and word.text in NEGATORS for word in near)


def _addresses_in(text: str) -> Iterator[str]:
    """What looks like an address, unless a blank may have come into it: "ann lee@example.com"."""
    for found in _LIKE_AN_ADDRESS.finditer(text):
        before = text[: found.start()]
        leads = set(plain_words(before))
        is_set_off = before.rstrip().endswith(("<", ":", "(", ",", "-"))
        is_alone = not 0 < len(leads) <= 2 or bool(leads & _LEADS_TO_AN_ADDRESS)
        if (is_set_off or is_alone) and not _is_denied(before):
            yield found[0]


def _address(written: str) -> str | None:
    try:
        return validate_email(written.strip(" .!?'"), check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def _without_slips(address: str) -> Reading:
    domain = address.rpartition("@")[2].lower()
    for meant in {_SLIPS.get(domain), _ending_mended(domain)} - {None}:
        return problem(f"Did you mean …@{meant}? Please type it once more.")
    return _ENDING if domain.endswith(_NO_ENDING) else Reading(values=(address,))


def _ending_mended(domain: str) -> str | None:
    """The well-known domain whose ending was mistyped: "gmail.con"."""
    name, _, _ = domain.rpartition(".")
    known = f"{name}.com"
    return known if domain.endswith(_NO_ENDING) and known in _SLIPS.values() else None
