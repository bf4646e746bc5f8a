"""An ``.inp`` becomes a network folder: three layers with passports, all or none.

Comes in: the path of an ``.inp``, a folder. Goes out: the folder, :class:`ImportReport`. Must not know: how a network
is computed with.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from xingu_geo.ground.base.confidence import Confidence
from xingu_geo.ground.base.errors import XinguError
from xingu_geo.ground.base.say import DEFAULT_LANG, Lang
from xingu_geo.sewers.network.flows import flows_of
from xingu_geo.sewers.network.network import Network
from xingu_geo.sewers.network.norms import Norms
from xingu_geo.sewers.swmm.as_layers import write_layers
from xingu_geo.sewers.swmm.calibrate import Calibration, calibrated
from xingu_geo.sewers.swmm.dry_weather import dry_text
from xingu_geo.sewers.swmm.from_inp import Imported, Placing, link_id, network_of_inp
from xingu_geo.sewers.swmm.import_findings import Finding
from xingu_geo.sewers.swmm.inp_model import SwmmModel, model_of
from xingu_geo.sewers.swmm.inp_rows import Inp, open_inp
from xingu_geo.sewers.swmm.simulate import SwmmRun, swmm_run

DIFFERENCE_MAX: Final = 0.01
Calibrate = Literal["never", "if_needed", "always"]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import made. ``difference_share``: flow-weighted difference to the simulation; NaN without one."""

    folder: Path
    nodes: int
    links: int
    loads: int
    mean_m3_d: float
    is_calibrated: bool
    needs_calibration: bool
    difference_share: float
    findings: tuple[Finding, ...]

    def plain(self, lang: Lang = DEFAULT_LANG) -> dict[str, object]:
        """Every figure and sentence, for JSON."""
        counts = {"nodes": self.nodes, "links": self.links, "loads": self.loads, "mean_m3_d": round(self.mean_m3_d, 1)}
        return {
            "folder": str(self.folder),
            **counts,
            "is_calibrated": self.is_calibrated,
            "needs_calibration": self.needs_calibration,
            "difference_share": self.difference_share if self.is_calibrated else None,
            "findings": [finding.plain(lang) for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the person who brings an ``.inp`` says about it.

    ``crs``: an ``.inp`` does not say where on earth it lies, so ``EPSG:…`` of its coordinates, or ``none`` to leave
    every element without a place; never guessed; or what places it, see ``network_of_inp``. ``calibrate``: whether one
    simulation settles which way water goes (``if_needed``: where the drawing leaves it open). ``confidence`` and
    ``accuracy_m`` go into the passports: a network nobody vouches for is illustrative.
    """

    crs: str | Placing = ""
    calibrate: Calibrate = "never"
    confidence: Confidence = Confidence.ILLUSTRATIVE
    accuracy_m: float = 500.0


def read_inp(inp: Inp, *, norms: Norms, options: ImportOptions | None = None) -> tuple[Imported, float]:
    """The network of ``inp``, and how far its flows lie from the simulation (NaN without one).

    Calibration runs one simulation of the file's dry weather where the drawing leaves open which way water goes,
    and freezes the directions and shares it finds (docs/decisions/0082).

    Raises
    ------
    XinguError
        What ``network_of_inp`` and, where it is asked for, :func:`~xingu_geo.sewers.swmm.simulate.swmm_run` raise.
    """
    said = options or ImportOptions()
    if said.calibrate != "always":
        try:
            imported = network_of_inp(inp, norms=norms, crs=said.crs, confidence=said.confidence)
        except XinguError as error:
            if error.code != "inp_circle" or said.calibrate == "never":
                raise
        else:
            if said.calibrate == "never" or not imported.needs_calibration:
                return imported, float("nan")
    model = model_of(inp)
    if not (model.dry_l_s or model.steady_l_s):
        # Without flow there is nothing to find: what a simulation would show is the noise of emptying storages.
        return network_of_inp(inp, norms=norms, crs=said.crs, confidence=said.confidence), float("nan")
    run = simulated(inp, model)
    calibration = calibrated(model, run)
    imported = network_of_inp(inp, norms=norms, crs=said.crs, confidence=said.confidence, calibration=calibration)
    apart = difference_share(imported.network, run, calibration)
    if apart <= DIFFERENCE_MAX:
        return imported, apart
    more = Finding("differs", "limit", {"share": f"{apart:.1%}"})
    return Imported(imported.network, (*imported.findings, more), is_calibrated=True), apart


def import_swmm(
    path: Path,
    out_dir: Path,
    *,
    norms: Norms,
    options: ImportOptions | None = None,
) -> ImportReport:
    """The ``.inp`` at ``path`` as layers in ``out_dir``, which ``network_of`` reads.

    Raises
    ------
    XinguError
        What ``open_inp`` and :func:`read_inp` refuse, and what saving raises.
    """
    said = options or ImportOptions()
    imported, apart = read_inp(open_inp(path), options=said, norms=norms)
    network = imported.network
    write_layers(network, out_dir, source=path, accuracy_m=said.accuracy_m)
    t = network.topology
    total = flows_of(network).mean[: t.nodes][t.outlets == 0].sum() * 86.4
    return ImportReport(
        folder=out_dir,
        nodes=len(network.nodes),
        links=len(network.links),
        loads=len(network.loads),
        mean_m3_d=float(total),
        is_calibrated=imported.is_calibrated,
        needs_calibration=imported.needs_calibration,
        difference_share=apart,
        findings=imported.findings,
    )


def simulated(inp: Inp, model: SwmmModel, *, days: int = 3) -> SwmmRun:
    """The steady dry weather of an ``.inp`` in SWMM: means over the last day."""
    with tempfile.TemporaryDirectory(prefix="xingu-dry-") as folder:
        path = Path(folder) / "dry.inp"
        path.write_text(dry_text(inp, model, days=days), encoding="utf-8", newline="\n")
        try:
            return swmm_run(path, last_hours=24.0)
        except XinguError as error:
            raise XinguError(error.code, **{**error.facts, "file": inp.name}) from error


def difference_share(network: Network, run: SwmmRun, calibration: Calibration) -> float:
    """``Σ|ours − SWMM's| / Σ|SWMM's|`` over all links, mean dry-weather flow; NaN where nothing flows."""
    ours = flows_of(network).mean[len(network.nodes) :]
    signs = {name: -1.0 if name in calibration.turned else 1.0 for name in run.links.index}
    theirs = run.links["flow_l_s"] * [signs[name] for name in run.links.index]
    theirs.index = [link_id(str(name), network.nodes.index) for name in theirs.index]
    aligned = theirs.reindex(network.links.index).fillna(0.0).to_numpy()
    total = abs(aligned).sum()
    return float(abs(ours - aligned).sum() / total) if total > 0 else float("nan")
