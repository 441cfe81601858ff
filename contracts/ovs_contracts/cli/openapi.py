"""``ovs-contracts openapi``."""

import json

import click

from ovs_contracts import documents


class DocumentName(click.ParamType[str]):
    """The name of an OpenAPI document."""

    name = "document"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in documents.names():
            self.fail(f"{value!r} is not one of {', '.join(map(repr, documents.names()))}.", param, ctx)
        return value


@click.command()
@click.argument("version", type=DocumentName())
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of YAML.")
def openapi(version: str, *, as_json: bool) -> None:
    """Print the OpenAPI document of a version, as one file."""
    import yaml

    document = documents.openapi(version)
    text = json.dumps(document, indent=2) if as_json else yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    click.echo(text.rstrip())
