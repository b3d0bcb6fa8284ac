"""A file about one company, to keep: with a name of its own, and kept by nothing on the way."""

from django.http import HttpResponse

KINDS = {"pdf": "application/pdf", "json": "application/json"}


def private_file(content: bytes, name: str, suffix: str, *, language: str = "") -> HttpResponse:
    """`suffix` is one of KINDS; `language` is that of the content, where it has one."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{suffix}"',
        "Cache-Control": "private, no-store",
    }
    if language:
        headers["Content-Language"] = language
    return HttpResponse(content, content_type=KINDS[suffix], headers=headers)
