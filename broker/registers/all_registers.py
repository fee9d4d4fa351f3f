"""The table of registers: every one that pages show, paper bears, and ``yingbin export`` writes."""

from collections.abc import Mapping

from broker.registers.columns import RegisterSheet
from broker.registers.figures import SUMMARY
from broker.registers.of_cases import CASES, COMPLAINTS, FEEDBACK, REPAIRS, STOCK
from broker.registers.of_channels import CHANNELS
from broker.registers.of_customers import CALLS, DISPUTES, LOOK_UPS
from broker.registers.of_follow_ups import FOLLOW_UPS
from broker.registers.of_posts import DUTIES, OTHER_VISITORS, PASSES, PLANS
from broker.registers.of_reports import REPORTED
from broker.registers.of_rotation import ROTATION
from broker.registers.of_visits import DIARY, SELF_DRIVE, VISITS, WISHES

REGISTERS: Mapping[str, RegisterSheet] = {
    register.name: register
    for register in (
        *(VISITS, SELF_DRIVE, ROTATION, CALLS, WISHES, DIARY, FOLLOW_UPS, OTHER_VISITORS),
        *(FEEDBACK, COMPLAINTS, REPAIRS, CASES, STOCK),
        *(LOOK_UPS, DISPUTES, CHANNELS, PLANS, DUTIES, REPORTED, PASSES, SUMMARY),
    )
}
"""By name, in the order in which they are offered."""
