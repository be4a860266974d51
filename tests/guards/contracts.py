"""The import contracts of pyproject.toml, checked against a graph that a test may alter."""

from copy import deepcopy
from functools import cache

from grimp import ImportGraph, build_graph
from importlinter import configuration
from importlinter.application import use_cases
from importlinter.application.user_options import UserOptions
from importlinter.domain.contract import registry

from pythoughts.paths import PROJECT_ROOT

configuration.configure()


@cache
def options() -> UserOptions:
    """What pyproject.toml says."""
    found = use_cases.read_user_options(str(PROJECT_ROOT / "pyproject.toml"))
    use_cases._register_contract_types(found)
    return found


@cache
def graph() -> ImportGraph:
    """Who imports whom in the sources."""
    return build_graph("pythoughts", include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None)


def with_import(importer: str, imported: str) -> ImportGraph:
    """The graph as it would be if `importer` imported `imported`."""
    altered = deepcopy(graph())
    for module in (importer, imported):
        if module not in altered.modules:
            altered.add_module(module, is_squashed=not module.startswith("pythoughts"))
    altered.add_import(importer=importer, imported=imported)
    return altered


def with_module(name: str) -> ImportGraph:
    """The graph as it would be with one more module."""
    altered = deepcopy(graph())
    altered.add_module(name)
    return altered


def broken(seen: ImportGraph) -> set[str]:
    """The ids of the contracts that `seen` breaks."""
    return {contract["id"] for contract in options().contracts_options if not _is_kept(contract, seen)}


def containers() -> set[str]:
    """The packages whose inside order is checked."""
    inside = next(contract for contract in options().contracts_options if contract["id"] == "inside")
    return set(inside["containers"])


def _is_kept(contract: dict, seen: ImportGraph) -> bool:
    kind = registry.get_contract_class(contract["type"])
    check = kind(name=contract["name"], session_options=options().session_options, contract_options=contract)
    return check.check(graph=deepcopy(seen), verbose=False).kept
