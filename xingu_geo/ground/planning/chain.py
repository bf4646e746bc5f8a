"""The stages of the semiconductor chain, as the plan's section 三 and 四 name them.

Comes in: nothing. Goes out: :class:`Stage` and its labels. Must not know: firms or places.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from xingu_geo.ground.base.say import Bilingual


class Stage(StrEnum):
    """A project's or an actor's place in the chain."""

    DESIGN = "design"
    FAB = "fab"
    PACKAGING = "packaging"
    MATERIALS = "materials"
    EQUIPMENT = "equipment"
    TESTING = "testing"
    APPLICATION = "application"
    SERVICES = "services"


STAGE_LABELS: Final = MappingProxyType(
    {
        Stage.DESIGN: Bilingual("芯片设计", "chip design"),
        Stage.FAB: Bilingual("晶圆制造", "wafer fabrication"),
        Stage.PACKAGING: Bilingual("封装测试", "packaging and test"),
        Stage.MATERIALS: Bilingual("半导体材料", "materials"),
        Stage.EQUIPMENT: Bilingual("装备及零部件", "equipment and parts"),
        Stage.TESTING: Bilingual("检测测试服务", "testing services"),
        Stage.APPLICATION: Bilingual("终端应用", "applications"),
        Stage.SERVICES: Bilingual("园区与公共服务", "parks and public services"),
    }
)
