"""People: institutions and their units, the members with their roles, and who may do what.

Words: institution, unit, member, role, grant, delegation, allow. Stands on: ground.
Here it is decided whether somebody may do something; what was done is recorded in governance.
"""
