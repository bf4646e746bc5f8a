"""The manifest: what made a result, so that the same digests give the same bytes.

Comes in: what was measured and weighed. Goes out: a plain mapping, free of times and paths.
Must not know: where it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from types import MappingProxyType
from typing import Final

from xingu_geo import __version__
from xingu_geo.ground.base.digest import digest_value
from xingu_geo.siting.ranking.ranked import Scores
from xingu_geo.study.run.result import Measured
from xingu_geo.study.run.spec import Study

LIBRARIES: Final = ("geopandas", "numpy", "pandas", "pyogrio", "pyproj", "rasterio", "scipy", "shapely")


def manifest_of(measured: Measured, study: Study, scores: Scores) -> Mapping[str, object]:
    """Versions, digests and every parameter of a run, under stable keys; ``run`` digests all the others."""
    brief = measured.brief
    content: dict[str, object] = {
        "product": {"name": "xingu_geo", "version": __version__},
        "libraries": dict(_versions()),
        "study": study.model_dump(mode="json"),
        "project": {
            "type": brief.project,
            "capacity": brief.capacity,
            "case": brief.case,
            "demand": dict(sorted(brief.demand.items())),
            "set_by_hand": list(brief.changed),
        },
        "weights": dict(sorted(scores.weights.items())),
        "not_assessed": list(measured.matrix.not_assessed),
        "confidence": measured.confidence.value,
        "digests": {
            "layers": measured.place.catalogue.digests,
            "tables": measured.place.tables.digest,
            "study": study.digest,
            "brief": brief.digest,
            "matrix": measured.matrix.digest,
            "eligibility": measured.eligibility.digest,
        },
    }
    return MappingProxyType({**content, "run": digest_value(content)})


@cache
def _versions() -> Mapping[str, str]:
    # Looked up once: reading package metadata takes tens of milliseconds, which a slider would feel.
    return MappingProxyType({name: version(name) for name in LIBRARIES})
