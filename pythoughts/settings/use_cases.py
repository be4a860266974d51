"""Choose a setting, or go back to its default."""

from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from pythoughts.access import Actor, Permission, grants
from pythoughts.audit.use_cases import Act, record
from pythoughts.db import transaction
from pythoughts.errors import Conflict, NotAllowed, NotFound
from pythoughts.i18n import _
from pythoughts.settings.models import Setting
from pythoughts.settings.queries import overrides, value_of
from pythoughts.settings.registry import REGISTRY, Definition, from_environment


def choose(*, actor: Actor | None, key: str, typed: str, version: int | None = None) -> Any:
    """Override a setting; returns the value now in force.

    Args:
        actor: whoever changes it, None for the command line.
        key: of the setting.
        typed: the value as text; "0" or "1" for no or yes.
        version: of the override that the actor has seen, 0 when there was none; None to overwrite whatever is there.

    Raises:
        NotAllowed: the actor has no right to it.
        NotFound: there is no such setting.
        Invalid: the value is of the wrong kind or out of bounds.
        Conflict: the environment fixes it, or somebody else has changed it meanwhile.
    """
    definition = _changeable(actor, key)
    value = definition.parse(typed)
    overrides.forget()
    before = value_of(definition)
    if value == before:
        return value
    statement = insert(Setting).values(key=key, value=value)
    upsert = statement.on_conflict_do_update(
        index_elements=[Setting.key], set_={"value": statement.excluded.value, "version": Setting.version + 1}
    )
    with transaction() as session:
        if version is not None:
            _require_seen(session, key, version)
        session.execute(upsert)
        record(Act(actor, "setting.choose", "setting", key, before={"value": before}, after={"value": value}))
    overrides.forget()
    return value


def reset(*, actor: Actor | None, key: str) -> None:
    """Go back to the default.

    Raises:
        NotAllowed: the actor has no right to it.
        NotFound: there is no such setting.
        Conflict: the environment fixes it.
    """
    definition = _changeable(actor, key)
    with transaction() as session:
        old = session.scalar(delete(Setting).where(Setting.key == key).returning(Setting.value))
        if old is not None:
            after = {"value": definition.default}
            record(Act(actor, "setting.reset", "setting", key, before={"value": old}, after=after))
    overrides.forget()


def _require_seen(session: Session, key: str, version: int) -> None:
    """Nobody overwrites what they have not seen; the lock is for two who choose at the same moment."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"setting:{key}"))))
    if (session.scalar(select(Setting.version).where(Setting.key == key)) or 0) != version:
        raise Conflict(_("Somebody changed this setting meanwhile. Look at its value and decide again."), field=key)


def _changeable(actor: Actor | None, key: str) -> Definition:
    """Nobody as actor is the command line."""
    if actor is not None and not grants(actor.role, Permission.SETTINGS_CHANGE):
        raise NotAllowed(_("Your role does not include this."))
    if key not in REGISTRY:
        raise NotFound(_("There is no such setting."))
    if from_environment(REGISTRY[key]) is not None:
        raise Conflict(_("The environment fixes this setting: %(name)s.", name=REGISTRY[key].variable))
    return REGISTRY[key]
