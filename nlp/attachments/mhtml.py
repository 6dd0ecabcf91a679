"""Single-file web pages (mht), which Word also writes under the name .doc: the page inside."""

from __future__ import annotations

import email
import email.policy

from nlp.attachments.content import UnreadableError
from nlp.document import decode

_PARTS = 2000


def read_mhtml(body: bytes) -> str:
    """The first page in the file, decoded. Raises UnreadableError where there is none."""
    message = email.message_from_bytes(body.lstrip(), policy=email.policy.compat32)
    for number, part in enumerate(message.walk()):
        if number >= _PARTS:
            break
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes) and page:
                # A header with bytes of no charset is a value of its own class, not a text.
                return decode(page, str(part.get("Content-Type") or "")).text
    raise UnreadableError("attachment_damaged", "the mht file holds no page")
