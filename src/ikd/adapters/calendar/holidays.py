"""National holidays and joint leave of Indonesia, from the ``holidays`` package.

Both are decreed year by year by three ministers (SKB). For a year without that decree the
package only estimates the moving feasts and knows no joint leave, so such a year is marked.
"""

from __future__ import annotations

import functools

from ikd.core.standard.calendar import Holidays


@functools.cache  # the package takes milliseconds a year, and a year never changes in a process
def days_off(year: int) -> Holidays:
    """Return the days off of *year*, and whether they were decreed."""
    import holidays  # loaded when the first deadline in working days is asked for

    public = holidays.country_holidays("ID", years=year, categories=("public",))
    joint_leave = holidays.country_holidays("ID", years=year, categories=("government",))
    return Holidays(days=frozenset({*public, *joint_leave}), decreed=bool(joint_leave))
