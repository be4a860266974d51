"""What is typed into the composer."""

import re
from secrets import token_urlsafe
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField

KEY_BYTES = 12  # 16 characters, 96 bits
VERSION = re.compile(r"[0-9]{1,9}")


class PostForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """A thought or a reply. The use case knows the rules of the text, so that they hold for everybody who posts."""

    message = TextAreaField("")  # WTForms would make up labels, and look for translations of them in each form
    reply_to_id = HiddenField("")
    idempotency_key = HiddenField("")

    @classmethod
    def empty(cls, *, reply_to_id: str | None = None, message: str = "") -> "PostForm":
        """A form to write into, or to go on writing, with a key of its own."""
        key = token_urlsafe(KEY_BYTES)
        return cls(formdata=None, message=message, reply_to_id=reply_to_id, idempotency_key=key)

    @classmethod
    def for_reader(cls, reader: Any | None, *, reply_to_id: str | None = None) -> "PostForm | None":
        """An empty form for whoever is signed in; a visitor's would cost a cookie."""
        return cls.empty(reply_to_id=reply_to_id) if reader else None

    def renew(self) -> None:
        """Give the form another key: what is sent next is another post."""
        self.idempotency_key.data = token_urlsafe(KEY_BYTES)

    def values(self) -> dict[str, Any]:
        """What the use case takes."""
        return {
            "message": self.message.data or "",
            "reply_to_id": self.reply_to_id.data or None,
            "idempotency_key": self.idempotency_key.data or None,
        }


class EditForm(FlaskForm):  # type: ignore[misc]  # untyped base
    """The text of a post, and which version of the post it was made from."""

    message = TextAreaField()
    version = HiddenField()

    @classmethod
    def of(cls, message: str, version: int) -> "EditForm":
        """A form that holds what the post says."""
        return cls(formdata=None, message=message, version=str(version))

    def values(self) -> dict[str, Any]:
        """What the use case takes; a version that is no number is none."""
        given = self.version.data or ""
        version = int(given) if VERSION.fullmatch(given) else None
        return {"message": self.message.data or "", "version": version}
