"""Make an account for somebody else, from the command line."""

from pythoughts.access import Role
from pythoughts.audit.use_cases import Act, record
from pythoughts.auth import queries
from pythoughts.auth.addresses import check_address
from pythoughts.auth.models import Purpose, User
from pythoughts.auth.names import check_username
from pythoughts.auth.use_cases.links import make_link, url_of
from pythoughts.auth.use_cases.records import NewPerson, add_person, one_of_a_kind, require, taken
from pythoughts.db import transaction
from pythoughts.services.passwords import unusable_hash


def create_user(*, actor: User | None, username: str, email: str, role: Role = Role.MEMBER) -> str:
    """Make an account whose address the operator vouches for.

    Returns:
        A one-time link to the form that sets its first password.

    Raises:
        NotAllowed: only the command line may.
        Invalid: the name or the address can't be taken, or somebody has it.
    """
    require(actor is None)
    name, address = check_username(username), check_address(email)
    if held := queries.taken_field(username=name.key, email=address):
        raise taken(f"uq_user_{held}")
    person = NewPerson(name, address, unusable_hash(), role=role, verified=True)
    with one_of_a_kind(), transaction() as database:
        user = add_person(database, person)
        record(Act(actor, "user.create", "user", user.id, target_label=user.username, after={"role": role}))
        return url_of(make_link(database, user, Purpose.ONE_TIME_LINK))
