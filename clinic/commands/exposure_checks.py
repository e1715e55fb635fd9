"""What the doctor looks at from outside: doors that are open, and words that travel in clear."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.engine import make_url

from clinic.commands import own_addresses
from clinic.commands.checks import BROKEN, LOOK, OK
from clinic.commands.own_addresses import is_loopback, is_open
from clinic.database import reading
from clinic.settings import settings

SECONDS_TO_ANSWER = 2.0
USUAL_REDIS_PORT = 6379
OURS_IS_ENCRYPTED = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")


@dataclass(frozen=True)
class Door:
    """A port of a neighbour that is for our own processes, never for a browser."""

    name: str
    port: int
    is_meant_for_the_network: bool
    """Whether the settings say so: processes on several machines have to find each other."""


def doors_are_closed() -> tuple[str, str]:
    ours = settings()
    if not is_loopback(ours.web_host) and not ours.public_url.startswith("https://"):
        return BROKEN, (
            f"CLINIC_WEB_HOST is {ours.web_host} and CLINIC_PUBLIC_URL is not https, so what "
            "visitors say travels in clear. Put a proxy with TLS in front and set its address."
        )
    addresses = own_addresses.outer_addresses()
    opened = [(door, at) for door in _doors() for at in addresses if is_open(at, door.port)]
    unmeant = [(door, at) for door, at in opened if not door.is_meant_for_the_network]
    if unmeant:
        named = ", ".join(f"{door.name} on {at}:{door.port}" for door, at in unmeant)
        return BROKEN, (
            f"others can reach {named}. Let it listen on 127.0.0.1 only, or close the port in "
            "the firewall."
        )
    if opened:
        names = dict.fromkeys(door.name for door, _ in opened)
        return LOOK, (
            f"other machines can reach {', '.join(names)}, as the settings say. See that only "
            "ours can: a private network or a firewall."
        )
    return OK, "only web can be reached from other machines, if anything."


def words_travel_encrypted() -> tuple[str, str]:
    """Between this machine and the databases."""
    host = make_url(settings().database)
    where = str(host.query.get("host") or host.host or "")
    if host.get_backend_name() == "postgresql" and not _is_on_this_machine(where):
        with reading() as session:
            if not session.scalar(OURS_IS_ENCRYPTED):
                return LOOK, (
                    "PostgreSQL is on another machine and the way to it is not encrypted. Add "
                    "`?sslmode=verify-full` to CLINIC_DATABASE_URL, or see that the network is "
                    "yours alone."
                )
    redis = urlsplit(settings().redis_url.get_secret_value())
    if redis.scheme == "redis" and not is_loopback(redis.hostname or ""):
        return LOOK, (
            "Redis is on another machine and the way to it is not encrypted. Write `rediss://` in "
            "CLINIC_REDIS_URL, or see that the network is yours alone."
        )
    return OK, "to every database, or none leaves this machine."


def redis_answers() -> tuple[str, str]:
    url = settings().redis_url.get_secret_value()
    if not url:
        return OK, "CLINIC_REDIS_URL is empty: right for one process of each kind."
    patience = SECONDS_TO_ANSWER
    with Redis.from_url(url, socket_timeout=patience, socket_connect_timeout=patience) as client:
        try:
            client.ping()
        except RedisError as error:
            return BROKEN, (
                f"does not answer ({type(error).__name__}). Is it running, and is "
                "CLINIC_REDIS_URL right? Limits are counted by each process alone meanwhile."
            )
    return OK, "answers."


def _doors() -> list[Door]:
    """Those that should be on this machine; another machine's are that one's to look at."""
    ours = settings()
    doors = [Door("the action server", ours.actions_port, not is_loopback(ours.actions_host))]
    if ours.metrics_port:
        doors.append(Door("the metrics", ours.metrics_port, not is_loopback(ours.web_host)))
    rasa = urlsplit(ours.rasa_url)
    if is_loopback(rasa.hostname or ""):
        doors.append(Door("Rasa", rasa.port or 80, is_meant_for_the_network=False))
    redis = urlsplit(ours.redis_url.get_secret_value())
    if is_loopback(redis.hostname or ""):
        doors.append(Door("Redis", redis.port or USUAL_REDIS_PORT, is_meant_for_the_network=False))
    if is_loopback(ours.web_host):
        doors.append(Door("web itself", ours.web_port, is_meant_for_the_network=False))
    return doors


def _is_on_this_machine(host: str) -> bool:
    """A folder is that of a socket."""
    return not host or host.startswith("/") or is_loopback(host)
