"""The pages, a module for each place: who stands there sees these and no others."""

from ikd_portal.pages import (
    complaint,
    dashboard,
    desk,
    entrance,
    officers,
    phone,
    register,
    scan,
    verify,
)

PAGES = (
    *entrance.PAGES,
    *register.PAGES,
    *phone.PAGES,
    *officers.PAGES,
    *complaint.PAGES,
    *desk.PAGES,
    *dashboard.PAGES,
    *verify.PAGES,
    *scan.PAGES,
)
