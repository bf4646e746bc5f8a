"""``check``: do the layers keep what their passports promise?

Comes in: a folder of layers. Goes out: one line per finding; exit code 1 if there is an error among them.
Must not know: how a layer is audited.
"""

from __future__ import annotations

import typer

from xingu_geo.doors.cli import options
from xingu_geo.ground.base.errors import Complaints
from xingu_geo.ground.base.say import say
from xingu_geo.ground.base.settings import data_dir, language


def check_command(
    layers: options.Layers = None, my_layers: options.MyLayers = None, as_json: options.Json = False
) -> None:
    """体检：核对图层与护照 · audit the layers against their passports."""
    from xingu_geo.ground.catalogue.audit import audit, known_sources

    try:
        catalogue = options.place_of(layers, my_layers).catalogue
        findings = audit(catalogue, known_sources(data_dir(), *catalogue.folders))
    except Complaints as complaints:
        for complaint in complaints.complaints:
            typer.echo(complaint.sentence(language()), err=True)
        raise typer.Exit(2) from complaints
    if as_json:
        options.print_json([finding.document() for finding in findings])
    else:
        for finding in findings:
            typer.echo(finding.sentence(language()))
    if any(finding.is_error for finding in findings):
        raise typer.Exit(1)
    if not as_json:
        features = sum(catalogue.passport(role).features for role in catalogue)
        typer.echo(say("cli.check_passed", language(), layers=len(catalogue.entries), features=features))
