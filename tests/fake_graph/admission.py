"""Who may ask: versions, tokens, the app's proof, and what ``debug_token`` says of a token."""

from __future__ import annotations

import hmac
import json
from datetime import date

from tests.fake_graph import errors
from tests.fake_graph.calls import Call
from tests.fake_graph.errors import Refused
from tests.fake_graph.world import World

FIRST_DEFAULT = "v25.0"
NEWEST = 27
# Until when each version is served; one that is over is answered by the oldest that is not.
VERSIONS = {
    "v19.0": date(2026, 5, 21),
    "v20.0": date(2026, 9, 24),
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": date(2028, 11, 4),
    "v27.0": date(2029, 2, 1),
}


def served_version(version: str | None, today: date) -> str | None:
    """The version that answers; None when there is no such version."""
    if version is None:
        return FIRST_DEFAULT
    number, _, minor = version[1:].partition(".")
    if int(number) > NEWEST or minor != "0":
        return None
    alive = [name for name, until in VERSIONS.items() if today < until]
    return version if version in alive else alive[0]


def admit(world: World, call: Call) -> None:
    """Raises Refused for a missing, unknown or expired token and for a missing or wrong proof."""
    if call.token is None:
        raise Refused(errors.NO_TOKEN)
    if call.token == app_token(world):
        return
    token = world.tokens.get(call.token)
    if token is None:
        raise Refused(errors.TOKEN_UNREADABLE)
    if token.expires_at and token.expires_at <= world.now:
        raise Refused(errors.EXPIRED)
    if world.app_secret is not None:
        proof = call.query.get("appsecret_proof")
        if proof is None:
            raise Refused(errors.PROOF_MISSING)
        if not hmac.compare_digest(proof.encode(), world.proof(call.token).encode()):
            raise Refused(errors.PROOF_WRONG)


def app_token(world: World) -> str | None:
    """The app's own token; there is none without a secret."""
    return None if world.app_secret is None else f"{world.app_id}|{world.app_secret}"


def debug_token(world: World, call: Call) -> str:
    """The state of ``input_token``, for the app only."""
    if call.token is None or call.token != app_token(world):
        text = "You must provide an app access token, or a user access token that is an owner or developer of the app"
        raise Refused(errors.bad_parameter(text))
    if "input_token" not in call.query:
        raise Refused(errors.bad_parameter("The parameter input_token is required"))
    token = world.tokens.get(call.query["input_token"])
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token."}
        return json.dumps({"data": {"error": error, "is_valid": False, "scopes": []}})
    valid = not token.expires_at or token.expires_at > world.now
    data = {
        "app_id": world.app_id,
        "type": "PAGE",
        "application": "示範應用程式",
        "data_access_expires_at": token.data_access_expires_at,
        "expires_at": token.expires_at,
        "is_valid": valid,
        "profile_id": token.page_id,
        "scopes": sorted(token.scopes),
        "granular_scopes": [{"scope": scope, "target_ids": [token.page_id]} for scope in sorted(token.scopes)],
    }
    if not valid:
        data["error"] = {"code": 190, "message": errors.EXPIRED.message, "subcode": 463}
    return json.dumps({"data": data})
