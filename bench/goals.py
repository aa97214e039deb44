# SPDX-License-Identifier: Apache-2.0
"""The figures to reach (goals.csv) against what was measured."""
import csv
import operator
import pathlib

HOLDS = {"<=": operator.le, ">=": operator.ge}


def goals(path=pathlib.Path(__file__).with_name("goals.csv")):
    """[(subject, figure, relation, goal, limit)]; limit None: another test looks after it."""
    rows = csv.reader(line for line in path.read_text().splitlines() if not line.startswith("#"))
    return [(subject, figure, relation, float(goal), float(limit) if limit else None)
            for subject, figure, relation, goal, limit in rows]


def holds(measured, subject, figure, relation, number):
    value = measured[subject].get(figure)
    return value is not None and HOLDS[relation](value, number)


def show(measured):
    print("\nGoals")
    missed = 0
    for subject, figure, relation, goal, _ in goals():
        value = measured[subject].get(figure)
        reached = holds(measured, subject, figure, relation, goal)
        missed += not reached
        shown = "-" if value is None else f"{value:g}" if value == int(value) else f"{value:.2f}"
        print(f"{subject:9}{figure:22}{relation} {goal:<8g}{shown:>9}  {'reached' if reached else 'missed'}")
    print(f"{len(goals()) - missed} of {len(goals())} reached")
