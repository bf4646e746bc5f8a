"""The way to the simulator and to surveyed tables, and back.

Comes in: files, networks. Goes out: networks, files, second opinions. Must not know: screens to draw.
"""

from __future__ import annotations

from pathlib import Path

from xingu_geo.places.place.place import Place, place_of_network, working_crs
from xingu_geo.places.place.tables import Tables
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.survey.faults.faults import Fault
from xingu_geo.sewers.survey.folder import checked_in, network_in
from xingu_geo.sewers.swmm.import_inp import ImportOptions, ImportReport, import_swmm
from xingu_geo.sewers.swmm.layout import ExportOptions
from xingu_geo.sewers.swmm.second_opinion import SwmmCheck, check_with_swmm
from xingu_geo.sewers.swmm.to_inp import export_swmm


def open_network(folder: Path, tables: Tables) -> Place:
    """A place of the network in ``folder`` alone: our layers, or a water company's tables."""
    drawn = network_in(folder, crs=working_crs(), norms=tables.norms, names=tables.survey_names)
    return place_of_network(drawn, tables, folder)


def faults_of(folder: Path, tables: Tables) -> tuple[Fault, ...]:
    """What is wrong with the network in ``folder``, each with its element and a remedy."""
    return checked_in(folder, crs=working_crs(), norms=tables.norms, names=tables.survey_names)


def write_inp(network: Network, file: Path, *, options: ExportOptions) -> None:
    """``network`` with its loads as an ``.inp`` of EPA SWMM."""
    export_swmm(network, file, options=options)


def read_inp_into(file: Path, folder: Path, tables: Tables, *, options: ImportOptions) -> ImportReport:
    """The ``.inp`` as layers in ``folder``, all or none."""
    return import_swmm(file, folder, norms=tables.norms, options=options)


def second_opinion(network: Network, *, options: ExportOptions) -> SwmmCheck:
    """The same network under the same flow in EPA SWMM, link by link."""
    return check_with_swmm(network, options=options)
