"""Who is let in."""

from collections.abc import Callable

from ovs_mock.engine.accounts import Account, Accounts
from ovs_mock.engine.engine import Engine
from ovs_mock.engine.errors import CommandRejectedError, ErrorCode
from ovs_mock.mutants.area import Area
from ovs_mock.mutants.catalogue.routes import V02
from ovs_mock.mutants.edits import always
from ovs_mock.mutants.engines import edit_engine
from ovs_mock.mutants.exchange import MutantRequest, MutantResponse
from ovs_mock.mutants.mutant import Mutant
from ovs_mock.mutants.requests import headers
from ovs_mock.mutants.responses import on

AREA = Area("access")
V02_ERRORS = Area("v02/errors")
API = ("* /v0.2/*", "* /v1/*", "* /v1beta/*", "* /billing/*", "* /chat/completions")
LATER = ("* /v1/*", "* /v1beta/*", "* /billing/*")


def _accounts(make: type[Accounts]) -> Callable[[Engine], None]:
    def arrange(engine: Engine) -> None:
        settings = engine.state.settings
        engine.state.accounts = make(
            engine.state.ids, credits_cents=settings.credits_cents, strict=settings.strict_keys, keys=settings.api_keys
        )

    return arrange


class AnyPrefix(Accounts):
    """Every key opens an account."""

    def _may_open(self, key: str) -> bool:
        return True


class NoRevoking(Accounts):
    """Keys stay good when they are revoked."""

    def revoke(self, key: str) -> None:
        """Nothing."""


class UserForAll(Accounts):
    """A key that belongs to nobody gets an account of its own."""

    def register_without_user(self, key: str) -> None:
        self.register(key)


class UserlessUnknown(Accounts):
    """A key that belongs to nobody is like one that is not known."""

    def authenticate(self, key: str | None) -> Account:
        try:
            return super().authenticate(key)
        except CommandRejectedError as refused:
            raise CommandRejectedError(ErrorCode.UNAUTHORIZED, refused.message) from None


class Talkative(Accounts):
    """Errors repeat the key."""

    def authenticate(self, key: str | None) -> Account:
        try:
            return super().authenticate(key)
        except CommandRejectedError as refused:
            raise CommandRejectedError(refused.code, f"{refused.message} It was {key!r}.") from None


class OneUser(Accounts):
    """All keys belong to one user."""

    def authenticate(self, key: str | None) -> Account:
        super().authenticate(key)
        return self.owner(next(iter(self._by_key)))

    def owner(self, key: str) -> Account:
        return super().owner(next(iter(self._by_key)))


def _shown_scheme(request: MutantRequest) -> dict[str, str | None]:
    scheme, _, key = request.raw.headers.get("Authorization", "").partition(" ")
    return {"Authorization": f"Bearer {key}"} if scheme.lower() in ("basic", "token") and key else {}


def _small_letters(request: MutantRequest) -> bool:
    return request.raw.headers.get("Authorization", "").startswith("bearer ")


def _publish_token(request: MutantRequest) -> dict[str, str | None]:
    """A token to publish is as good as a key: that of the stream's owner."""
    key = request.key or ""
    if not key.startswith("eyJ") or request.stream is None:
        return {}
    return {"Authorization": f"Bearer {request.stream.key}"}


def _query_key(request: MutantRequest) -> dict[str, str | None]:
    key = request.raw.query.get("api_key")
    return {"Authorization": f"Bearer {key}"} if key and request.key is None else {}


def _is_plain_401(_: MutantRequest, response: MutantResponse) -> bool:
    return isinstance(response.body, dict)


def _open_to_all(name: str, prefix: str) -> Mutant:
    def as_owner(request: MutantRequest) -> dict[str, str | None]:
        if request.key is not None or request.stream is None or not request.matches(f"GET {prefix}/streams/*"):
            return {}
        return {"Authorization": f"Bearer {request.stream.key}"}

    return AREA(f"{name}-open-to-all", f"{prefix}: streams are shown without a key", headers=as_owner)


MUTANTS = (
    AREA("any-key-accepted", "keys of any form are accepted", engine=edit_engine(_accounts(AnyPrefix))),
    AREA("revoked-keys-accepted", "keys that were revoked are accepted", engine=edit_engine(_accounts(NoRevoking))),
    AREA(
        "userless-keys-accepted", "keys that belong to nobody are accepted", engine=edit_engine(_accounts(UserForAll))
    ),
    AREA(
        "userless-keys-401",
        "keys that belong to nobody are 401 and not 403",
        engine=edit_engine(_accounts(UserlessUnknown)),
    ),
    AREA("keys-repeated-in-errors", "the refusal of a key repeats it", engine=edit_engine(_accounts(Talkative))),
    AREA("one-user-for-all", "all keys belong to one user", engine=edit_engine(_accounts(OneUser))),
    AREA("unauthorized-403", "a missing key is 403", on(API, 401, to=403)),
    V02_ERRORS(
        "v02-unauthorized-as-detail",
        "v0.2: a missing key is {detail}, as in the later versions",
        on(V02, 401, always({"detail": "Not authenticated"})),
    ),
    AREA(
        "unauthorized-as-error",
        "v1, v1beta and billing: a missing key is an error of v0.2",
        on(
            LATER,
            401,
            always({"error": "unauthorized", "message": "No API key.", "request_id": None, "details": None}),
            when=_is_plain_401,
        ),
    ),
    AREA("basic-accepted", "the scheme may be Basic", headers=_shown_scheme),
    AREA(
        "bearer-by-the-letter",
        "the scheme bearer in small letters is not understood",
        headers=headers(API, {"Authorization": None}, when=_small_letters),
    ),
    AREA("publish-token-as-key", "a token to publish is as good as a key", headers=_publish_token),
    AREA("key-in-query", "a key may stand in the query", headers=_query_key),
    *(_open_to_all(name, version) for name, version in (("v02", "/v0.2"), ("v1", "/v1"), ("v1beta", "/v1beta"))),
)
