"""The application that a command works on."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import click
from flask import Flask
from flask.cli import ScriptInfo

from pythoughts.app import create_app
from pythoughts.cli.database import settings
from pythoughts.cli.plain import plainly


def open_app() -> Flask:
    """The application over the database that the environment names, or our own."""
    return create_app(settings())


def flask_info() -> ScriptInfo:
    """Where the commands of Flask and its extensions find the application."""
    return ScriptInfo(create_app=open_app, set_debug_flag=False)


def needs_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the application's context, and its errors as one sentence.

    Under `flask --app wsgi` it gets the same application, and so the embedded database too.
    """

    @click.pass_context
    def run(context: click.Context, *args: Any, **kwargs: Any) -> Any:
        info = context.ensure_object(ScriptInfo)
        info.create_app = info.create_app or open_app
        with plainly():
            context.with_resource(info.load_app().app_context())
            return context.invoke(command, *args, **kwargs)

    return update_wrapper(run, command)
