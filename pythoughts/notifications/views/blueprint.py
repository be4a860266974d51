"""The blueprint that the pages of this feature are registered on."""

from flask import Blueprint

bp = Blueprint("notifications", __name__)
