"""The blueprint that pictures are registered on."""

from flask import Blueprint

bp = Blueprint("avatars", __name__)
