"""No module imports itself by way of others.

Covers every import statement of the three packages: at the top of a module, inside a function, and under
``TYPE_CHECKING``. Not covered: imports by name, as ``import_module`` does them, and stubs (``.pyi``).
"""

from collections.abc import Iterator

import grimp

PACKAGES = ("ovs_common", "ovs_mock", "pytest_ovs_mock", "ovs_contracts")


def circles(graph: grimp.ImportGraph) -> Iterator[list[str]]:
    """For each module that imports itself by way of others, the shortest way."""
    for module in sorted(graph.modules):
        ways = (
            graph.find_shortest_chain(importer=imported, imported=module)
            for imported in sorted(graph.find_modules_directly_imported_by(module))
        )
        if way := min(filter(None, ways), key=len, default=None):
            yield [module, *way]


def test_no_imports_run_in_a_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    assert len(graph.modules) > 300
    assert list(circles(graph)) == []


def test_a_circle_is_found() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in (("a", "b"), ("b", "c"), ("c", "b"), ("c", "d")):
        graph.add_import(importer=importer, imported=imported)
    assert list(circles(graph)) == [["b", "c", "b"], ["c", "b", "c"]]
