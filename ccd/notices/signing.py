"""The signature of Standard Webhooks (www.standardwebhooks.com): HMAC-SHA256 over id, time and body."""

import base64
import binascii
import hashlib
import hmac

_PREFIX = "whsec_"


def key_of(secret: str) -> bytes:
    """Give the key of a secret: what follows `whsec_` is base64, any other secret is taken as it is."""
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            pass
    return secret.encode()


def headers(secret: str, notice: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Give the headers of a request: `webhook-id`, `webhook-timestamp` and, with a secret, the signature."""
    told = {"webhook-id": notice, "webhook-timestamp": str(timestamp)}
    if secret:
        signed = b".".join((notice.encode(), str(timestamp).encode(), body))
        digest = hmac.new(key_of(secret), signed, hashlib.sha256).digest()
        told["webhook-signature"] = f"v1,{base64.b64encode(digest).decode()}"
    return told
