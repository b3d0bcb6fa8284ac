"""What the zone says about itself as a whole: targets, to which sector an industry belongs, figures that it published;
and what its officers do about companies that may leave."""

from zone_portal.dashboard.models.leaving import LeavingStep, LeavingTask, Step, TaskState
from zone_portal.dashboard.models.sectors import IndustrySector, Sector
from zone_portal.dashboard.models.snapshots import Snapshot
from zone_portal.dashboard.models.targets import Target, TargetFigure

__all__ = [
    "IndustrySector",
    "LeavingStep",
    "LeavingTask",
    "Sector",
    "Snapshot",
    "Step",
    "Target",
    "TargetFigure",
    "TaskState",
]
