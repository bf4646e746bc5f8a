"""The digest of a set of rules or criteria asked of a context.

Comes in: specifications, a context. Goes out: a digest. Must not know: the answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from xingu_geo.ground.base.digest import digest_all, digest_value
from xingu_geo.ground.planning.asking import Asking
from xingu_geo.siting.measuring.context import Context


def question_digest(asked: Sequence[Asking], context: Context) -> str:
    """Of the specifications, the sites, the brief, the headroom now and to come, and every layer of the place.

    Layers count whether or not a block names them: zones and destinations are looked up by role inside the verbs.
    """
    return digest_all(
        [
            digest_value([block.model_dump(mode="json") for block in asked]),
            context.sites.digest,
            context.brief.digest,
            context.headroom.digest if context.headroom else digest_value(None),
            context.outlook.digest if context.outlook else digest_value(None),
            digest_value(context.catalogue.digests),
        ]
    )
