"""`Idempotency-Key`: whoever lost an answer sends the same request again, and is given the answer of the first time.

Done and answered are one transaction: what was done has its answer kept, and what failed has left nothing. Of two
that arrive at once the second waits for the first, by a unique constraint, on whichever machine they are.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problems import ParameterError, problem_response
from core.errors import DomainError
from core.models import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
PATTERN = "[!-~]{1,255}"  # what a header can hold in one word
KEPT_FOR = dt.timedelta(days=1)
_KEPT_HEADERS = ("Location", "ETag")

Handler = Callable[..., Response]


class KeyReused(DomainError):
    """The key came with another request before (422)."""

    status = 422
    code = "idempotency_key_reused"


def once(handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Response:
    """What the handler answers; with an `Idempotency-Key` that came before, what it answered then.

    Refusals are kept as well; failures of ours are not. A key is its API key's own, and forgotten after a day. Raises
    ParameterError for a malformed key, and KeyReused where address or body are others.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return handler(request, *args, **kwargs)
    if not re.fullmatch(PATTERN, key):
        raise ParameterError(HEADER, f"{HEADER} has 1 to 255 visible characters of ASCII, such as a UUID.")
    digest = _digest(request)
    with transaction.atomic():
        kept, is_new = _claim(_caller(request), key, digest)
        if is_new:
            return _keep(kept, _answered(handler, request, *args, **kwargs))
    if kept.digest != digest:
        raise KeyReused(_("This Idempotency-Key came with another request before: make a new one for each request."))
    return _again(kept)


def forget(now: dt.datetime) -> int:
    """Delete the answers that are a day old; returns how many."""
    return KeptAnswer.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]


def _caller(request: Request) -> str:
    """The prefix of the API key."""
    key: Any = request.auth
    return str(key.prefix)


def _digest(request: Request) -> str:
    """Of the method, the address and what the body says, however it is spaced and in whichever order."""
    said = [request.method, request.get_full_path(), request.headers.get("If-Match", ""), request.data]
    return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=32).hexdigest()


def _claim(caller: str, key: str, digest: str) -> tuple[KeptAnswer, bool]:
    """The row of the key, and whether it is new. Waits while another transaction has it."""
    rows = KeptAnswer.objects.filter(caller=caller, key=key)
    rows.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(caller=caller, key=key, digest=digest), True
    except IntegrityError:
        return rows.get(), False


def _answered(handler: Handler, request: Request, *args: Any, **kwargs: Any) -> Response:
    """The answer, a refusal too: of what was refused nothing is done."""
    try:
        with transaction.atomic():
            return handler(request, *args, **kwargs)
    except (DomainError, APIException, Http404, PermissionDenied) as error:
        response = problem_response(error, {})
        if response is None or response.status_code >= 500:
            raise
        return response


def _keep(kept: KeptAnswer, response: Response) -> Response:
    kept.status = response.status_code
    kept.headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    kept.content_type = response.content_type or ""
    kept.body = "" if response.data is None else JSONRenderer().render(response.data).decode()
    kept.save()
    return response


def _again(kept: KeptAnswer) -> Response:
    body = json.loads(kept.body) if kept.body else None
    headers = {**kept.headers, REPLAYED: "true"}
    return Response(body, status=kept.status, headers=headers, content_type=kept.content_type or None)
