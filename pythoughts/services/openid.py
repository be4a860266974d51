"""Sign-in at OpenID Connect providers: what a browser is sent away with, and who comes back.

This half is here always. The other one, which talks to providers, needs the libraries of the extra `oidc`: `client`
brings it in when the application starts, and only where a provider is configured.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib import import_module
from secrets import token_urlsafe
from typing import Protocol, cast

from pythoughts.config import ConfigError, Provider, current_settings

CLIENT = "pythoughts.services.openid_client"
EXTRA = frozenset({"authlib", "joserfc", "requests"})


@dataclass(frozen=True)
class Question:
    """What a browser carries to the provider and back; nobody else may see it.

    Attributes:
        provider: the name of the provider.
        state: comes back as it was sent.
        nonce: comes back inside the signed answer.
        verifier: proves that whoever exchanges the code is who asked for it.
    """

    provider: str
    state: str = field(default_factory=token_urlsafe, repr=False)
    nonce: str = field(default_factory=token_urlsafe, repr=False)
    verifier: str = field(default_factory=lambda: token_urlsafe(48), repr=False)


@dataclass(frozen=True)
class Identity:
    """Somebody at a provider: `subject` is who they are; `email` and `name` are no more than what they are told to be.

    Attributes:
        provider: the name of the provider.
        subject: the key of the person there; never given to anybody else.
        email: an address, which nobody here has proven.
        name: what they are called there.
        tokens: what the provider gave, by the name of the column that keeps it.
    """

    provider: str
    subject: str
    email: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    tokens: dict[str, str | None] = field(default_factory=dict, repr=False)
    expires_at: datetime | None = None


class Client(Protocol):
    """What talks to providers."""

    def address_for(self, provider: Provider, question: Question) -> str:
        """Where to send the browser.

        Raises:
            Unavailable: the provider does not answer.
        """

    def identify(self, provider: Provider, question: Question, code: str) -> Identity:
        """Exchange the code, and believe what is signed.

        Raises:
            Invalid: the code is worthless, or the answer is not for us, not from them, or not to this question.
            Unavailable: the provider does not answer.
        """

    def check_answers(self, provider: Provider) -> None:
        """See whether the provider is there, and is the one that it should be.

        Raises:
            Unavailable: it does not answer, or says to be another.
        """


@cache
def client() -> Client:
    """What talks to providers; the application asks for it at start, where there are any.

    Raises:
        ConfigError: its libraries are missing.
    """
    try:
        return cast("Client", import_module(CLIENT))
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in EXTRA:
            raise
        raise ConfigError(
            "OIDC_PROVIDERS is set, but the libraries for it are missing: install `pythoughts[oidc]`, or unset it."
        ) from None


def providers() -> tuple[Provider, ...]:
    """The providers at which people may sign in."""
    return current_settings().oidc_providers


def find_provider(name: str) -> Provider | None:
    """The provider of that name."""
    return next((provider for provider in providers() if provider.name == name), None)
