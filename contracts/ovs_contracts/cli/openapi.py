"""``ovs-contracts openapi``."""

import json

import click

from ovs_contracts.documents import VERSIONS


@click.command()
@click.argument("version", type=click.Choice(VERSIONS))
@click.option("--json", "as_json", is_flag=True, help="As JSON, not as YAML.")
def openapi(version: str, *, as_json: bool) -> None:
    """Print the OpenAPI document of a version, in one piece."""
    import yaml

    from ovs_contracts import documents

    document = documents.openapi(version)
    text = json.dumps(document, indent=2) if as_json else yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    click.echo(text.rstrip())
