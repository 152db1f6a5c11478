"""Every fault that is tried on purpose: kills, many at once, full and read-only disks, wrong clocks, hostile files.

Each test has a short form; ``--long`` runs the long ones. What was counted stands at the end of the run, and as JSON
where ``--counts FILE`` says (see ``docs/faults.md``).
"""
