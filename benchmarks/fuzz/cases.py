"""Hostile requests, made by chance and the same for the same seed: bytes, and how they are sent."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote as quote_strictly
from urllib.parse import urlencode

from benchmarks.fuzz.texts import FAMILIES, hostile
from tests.web.security.routes import ANYBODY, WHO_MAY

MEGABYTE = 1024 * 1024
ROUTES = tuple(
    (method, path)
    for method, _, path in (
        route.partition(" ") for route, who in WHO_MAY.items() if who == ANYBODY
    )
)
"""Every route that a stranger reaches."""
PATHS = tuple(sorted({path for _, path in ROUTES}))
TO_API = tuple(path for method, path in ROUTES if method == "POST" and path.startswith("/api/"))
FIELDS = ("text", "key", "source", "cookie", "address", "code", "helpful")
METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "GET", "POST", "FOO")
TYPES = (
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-7",
    "application/json; charset=utf-16",
    "",
)
TRAVERSALS = (
    "/widget/1/../../../clinic/settings.py",
    "/widget/1/..%2f..%2f..%2fetc%2fpasswd",
    "/widget/%2e%2e/%2e%2e/etc/passwd",
    "/staff/static/../../../.env",
    "/staff/static/%2e%2e/%2e%2e/%2e%2e/.env",
    "/staff/static/..%5c..%5c.env",
    "/widget/x/%00.js",
    "//elsewhere.example/",
    "/./../.env",
    "/.git/config",
    "/var/clinic.db",
)


Maker = Callable[[random.Random, "Keys"], bytes]
Makers = tuple[Callable[[], bytes], ...]


@dataclass(frozen=True)
class Case:
    """One request as it goes over the line. `pause` lies between its parts."""

    number: int
    kind: str
    parts: tuple[bytes, ...]
    pause: float = 0.0
    hangs: bool = False
    """The other side is never closed: the server has to end it."""

    @property
    def may_get_no_answer(self) -> bool:
        """What is no HTTP, or never ends, may simply be hung up on."""
        return self.kind in ("bad HTTP", "slow", "huge")

    def as_json(self) -> str:
        parts = [base64.b64encode(part).decode() for part in self.parts]
        kept = {"number": self.number, "kind": self.kind, "parts": parts}
        return json.dumps({**kept, "pause": self.pause, "hangs": self.hangs})


def case_of(kept: str) -> Case:
    """A case that was written down."""
    said = json.loads(kept)
    parts = tuple(base64.b64decode(part) for part in said.pop("parts"))
    return Case(parts=parts, **said)


@dataclass(frozen=True)
class Keys:
    """Keys of conversations: `talk` are those whose words reach the bot; the others may die."""

    talk: Sequence[str]
    others: Sequence[str]


def request(
    method: str, path: str, body: bytes = b"", headers: Sequence[tuple[str, str]] = ()
) -> bytes:
    """A whole request; what is odd about it is in its arguments."""
    given = {name.lower() for name, _ in headers}
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [] if "host" in given else ["Host: 127.0.0.1"]
    lines += ["Connection: close"]
    if (body or method == "POST") and not given & {"content-length", "transfer-encoding"}:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogatepass") + body


def as_json(body: object) -> bytes:
    return json.dumps(body).encode()


def with_key(key: str, kind: str = "application/json") -> list[tuple[str, str]]:
    return [("Authorization", f"Bearer {key}"), ("Content-Type", kind)]


def quote(text: str, safe: str = "/") -> str:
    """As in an address; half of an emoji has no bytes, and becomes a question mark."""
    return quote_strictly(text, safe=safe, errors="replace")


def _name_of(dice: random.Random) -> str:
    return f"{dice.getrandbits(64):016x}"


def _text_to_the_bot(dice: random.Random, keys: Keys) -> bytes:
    body = as_json({"text": hostile(dice), "key": _name_of(dice)})
    return request("POST", "/api/messages", body, with_key(dice.choice(keys.talk)))


def _broken_json(dice: random.Random, keys: Keys) -> bytes:
    whole = as_json({"text": hostile(dice), "key": _name_of(dice)})
    made = dice.choice(
        (
            lambda: whole[: dice.randrange(len(whole))],
            lambda: whole.replace(b'"', b"'"),
            lambda: whole[:9] + bytes(dice.randrange(128, 256) for _ in range(6)) + whole[9:],
            lambda: b"\xff\xfe" + whole.decode().encode("utf-16-le"),
            lambda: b"\xef\xbb\xbf" + whole,
            lambda: b'{"text":"a","text":"b","key":"12345678","key":"87654321"}',
            lambda: b"[" * dice.randrange(500, 15000),
            lambda: b'{"a":' * dice.randrange(500, 5000) + b"1" + b"}" * 500,
            lambda: b"NaN",
            lambda: b'{"text": Infinity, "key": -Infinity}',
            lambda: b'{"text": 1e999999, "key": ' + b"9" * 5000 + b"}",
            lambda: b'{"text":"\\ud83d","key":"12345678"}',
            lambda: b"\x00" * 100,
        )
    )()
    return request("POST", dice.choice(TO_API), made, with_key(dice.choice(keys.others)))


def _odd_value(dice: random.Random, depth: int = 0) -> object:
    if depth < 3 and dice.random() < 0.3:
        return [_odd_value(dice, depth + 1) for _ in range(dice.randrange(4))]
    if depth < 3 and dice.random() < 0.3:
        return {hostile(dice)[:40]: _odd_value(dice, depth + 1)}
    odd = (None, True, -1, 2**63, 10**30, 1.5, "", "\u0000", hostile(dice), "x" * 3000)
    return dice.choice(odd)


def _wrong_shape(dice: random.Random, keys: Keys) -> bytes:
    body: object = {name: _odd_value(dice) for name in dice.sample(FIELDS, dice.randrange(1, 4))}
    if dice.random() < 0.2:
        body = _odd_value(dice)
    kind = "application/json" if dice.random() < 0.7 else dice.choice(TYPES)
    key = dice.choice(keys.others)
    return request("POST", dice.choice(TO_API), as_json(body), with_key(key, kind))


def _path(dice: random.Random, keys: Keys) -> bytes:
    path = dice.choice(PATHS)
    for name in ("{of_version}", "{file_name}"):
        path = path.replace(name, quote(hostile(dice)[:60], safe=dice.choice(("", "/."))))
    made = dice.choice(
        (
            lambda: dice.choice(TRAVERSALS),
            lambda: f"{path}?{quote(hostile(dice)[:30])}={quote(hostile(dice, 'unicode')[:99])}",
            lambda: f"{path}?after={quote(hostile(dice)[:60])}",
            lambda: path + quote(hostile(dice)[:80], safe="/"),
            lambda: path + "/" + "%" + dice.choice(("00", "0d%0aX-Injected:%201", "ff", "zz", "")),
            lambda: path + "?" + "a=1&" * dice.randrange(10, 3000),
            lambda: "/" * dice.randrange(2, 200) + path,
        )
    )()
    return request("GET", made, headers=with_key(dice.choice(keys.others)))


def _method(dice: random.Random, keys: Keys) -> bytes:
    path = dice.choice(PATHS).replace("{of_version}", "1").replace("{file_name}", "chat.js")
    body = hostile(dice).encode("utf-8", "replace") if dice.random() < 0.5 else b""
    return request(dice.choice(METHODS), path, body, with_key(dice.choice(keys.others)))


def _header(dice: random.Random, keys: Keys) -> bytes:
    name = dice.choice(
        ("Authorization", "Cookie", "Origin", "Host", "X-Forwarded-For", "X-Forwarded-Proto",
         "Accept-Encoding", "Range", "If-None-Match", "Last-Event-ID", "Content-Type", "Expect",
         "Upgrade", "Accept-Language", "User-Agent", "Referer", "X-Request-Id", "Forwarded")
    )  # fmt: skip
    value = dice.choice(
        (
            hostile(dice).replace("\r", "").replace("\n", "").replace("\x00", ""),
            "Bearer " + hostile(dice, "SQL"),
            "conversation=" + "a" * dice.randrange(1, 4000),
            "bytes=0-1,2-3," * 50,
            "=" * 100 + ";" * 100,
            "\x80\x81",
            "",
        )
    )
    method, path = dice.choice(ROUTES)
    path = path.replace("{of_version}", "1").replace("{file_name}", "chat.js")
    return request(method, path, as_json({}) if method == "POST" else b"", [(name, value)])


def _sign_in(dice: random.Random, keys: Keys) -> bytes:
    fields = {name: hostile(dice)[:500] for name in ("username", "password", "csrf", "next")}
    kind = "application/x-www-form-urlencoded"
    if dice.random() < 0.2:
        kind = dice.choice(TYPES)
    body = urlencode(fields, errors="replace").encode()
    if dice.random() < 0.2:
        body = body[: dice.randrange(len(body))] + b"%zz%ff\x00"
    path = dice.choice(("/staff/login", "/staff/join", "/staff/join/account", "/staff/code"))
    return request("POST", path, body, [("Content-Type", kind), ("Cookie", "staff=" + "x" * 43)])


def _huge(dice: random.Random, keys: Keys) -> bytes:
    path, key = dice.choice(TO_API), dice.choice(keys.others)
    text = ("a" * MEGABYTE).encode()
    ways: Makers = (
            lambda: request("POST", path, as_json({"text": text.decode(), "key": "12345678"}),
                            with_key(key)),
            lambda: request("POST", path, b"%x\r\n%s\r\n0\r\n\r\n" % (len(text), text),
                            [*with_key(key), ("Transfer-Encoding", "chunked")]),
            lambda: request("GET", "/" + "a" * 200_000),
            lambda: request("GET", "/chat", headers=[("X-Long", "a" * 200_000)]),
            lambda: request("GET", "/chat", headers=[(f"X-{n}", "a") for n in range(5000)]),
    )  # fmt: skip
    return dice.choice(ways)()


def _bad_http(dice: random.Random, keys: Keys) -> bytes:
    lengths = ("-1", "99999999999999999999", "1e3", "0x10", "12, 13", "+5", " ", "½")
    message = as_json({"text": "hello", "key": "12345678"})
    ways: Makers = (
            lambda: request("POST", "/api/messages", message,
                            [("Content-Length", dice.choice(lengths))]),
            lambda: request("POST", "/api/messages", message,
                            [("Content-Length", "5"), ("Transfer-Encoding", "chunked")]),
            lambda: request("POST", "/api/messages", b"zz\r\n" + message + b"\r\n-1\r\n",
                            [("Transfer-Encoding", "chunked")]),
            lambda: request("POST", "/api/messages", message,
                            [("Transfer-Encoding", "chunked, identity, x")]),
            lambda: b"GET /chat HTTP/9.9\r\n\r\n",
            lambda: b"GET /chat\r\n\r\n",
            lambda: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
            lambda: bytes(dice.randrange(256) for _ in range(300)) + b"\r\n\r\n",
            lambda: b"GET /chat HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            lambda: b"GET /chat HTTP/1.1\r\n X-Folded: a\r\n\tb\r\n\r\n",
            lambda: b"GET /chat HTTP/1.1\nHost: x\n\n",
            lambda: b"GET /chat\x00/../ HTTP/1.1\r\nHost: x\r\n\r\n",
            lambda: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            lambda: request("GET", "/chat", headers=[("Bad Name\x01", "x")]),
            lambda: request("GET", "/chat\r\nX-Injected: 1"),
            lambda: request("GET", "/chat") + request("GET", "/staff/leads"),
    )  # fmt: skip
    return dice.choice(ways)()


SHARES: dict[str, tuple[int, Maker]] = {
    "text to the bot": (14, _text_to_the_bot),
    "broken JSON": (13, _broken_json),
    "wrong shape": (14, _wrong_shape),
    "path": (18, _path),
    "method": (10, _method),
    "header": (14, _header),
    "sign-in": (7, _sign_in),
    "bad HTTP": (8, _bad_http),
    "huge": (1, _huge),
    "slow": (1, _text_to_the_bot),
}
"""Of a hundred requests. Few are huge or slow, for what they cost us, not the server."""
SLOW_PARTS, SLOW_PAUSE = 6, 0.7


def cases(count: int, seed: int, keys: Keys) -> Iterator[Case]:
    dice = random.Random(f"cases {seed}")
    kinds, weights = list(SHARES), [share for share, _ in SHARES.values()]
    for number in range(count):
        (kind,) = dice.choices(kinds, weights)
        whole = SHARES[kind][1](dice, keys)
        if kind != "slow":
            yield Case(number, kind, (whole,))
            continue
        cut = sorted(dice.randrange(len(whole)) for _ in range(SLOW_PARTS))
        parts = tuple(whole[a:b] for a, b in zip([0, *cut], [*cut, len(whole)], strict=True))
        hangs = dice.random() < 0.5
        yield Case(number, kind, parts[:-1] if hangs else parts, SLOW_PAUSE, hangs)


def stored(dice: random.Random) -> Iterator[str]:
    """Every text once, for what is stored and shown again."""
    for family, texts in FAMILIES.items():
        yield from texts if family != "command" else (hostile(dice, family) for _ in texts)
