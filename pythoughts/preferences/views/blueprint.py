"""The blueprint that the settings pages are registered on."""

from flask import Blueprint

bp = Blueprint("preferences", __name__)
