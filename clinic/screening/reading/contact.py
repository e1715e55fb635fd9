"""Read a phone number or an e-mail address, alone or in a sentence."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from clinic.screening.items import Item
from clinic.screening.reading.reading import Reading, problem

_REGION = "US"  # a number without a country code is taken for a US number
_ONLY_A_NUMBER = re.compile(r"[\d\s().+/-]+")
_LIKE_AN_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")

_PHONE = problem("Please type a phone number with its area code, for example (202) 555-0123.")
_EMAIL = problem("Please type an e-mail address, for example name@example.com.")


def read_phone(item: Item, text: str, lenient: bool) -> Reading:
    if not lenient and not _ONLY_A_NUMBER.fullmatch(text):
        return _PHONE
    matches = phonenumbers.PhoneNumberMatcher(text, _REGION)
    numbers = {_e164(match.number) for match in matches}
    if not numbers and _ONLY_A_NUMBER.fullmatch(text):
        numbers = _whole_number(text)
    if len(numbers) > 1:
        return problem("I read more than one phone number. Which one should we call?")
    return Reading(values=tuple(numbers)) if numbers else _PHONE


def read_email(item: Item, text: str, lenient: bool) -> Reading:
    written = [text] if not lenient else _LIKE_AN_ADDRESS.findall(text)
    addresses = {address for one in written if (address := _address(one))}
    if len(addresses) > 1:
        return problem("I read more than one e-mail address. Which one should we use?")
    return Reading(values=tuple(addresses)) if addresses else _EMAIL


def _whole_number(text: str) -> set[str]:
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return set()
    return {_e164(number)} if phonenumbers.is_valid_number(number) else set()


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _address(written: str) -> str | None:
    try:
        return validate_email(written.strip(" .!?'"), check_deliverability=False).normalized
    except EmailNotValidError:
        return None
