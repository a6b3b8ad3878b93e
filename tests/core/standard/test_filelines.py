"""A fault of an office file is found on its line."""

from __future__ import annotations

from ikd.core.standard.filelines import lines_of

FILE = """\
format = 1

[about]
name = { value = "Contoh", source = "default" }

[[steps]]
name = "register"

[[steps]]
name = "presence"

[registration]
fields = [
  { name = "nik" },
  { name = "email" },
]
"""


def test_a_key_a_table_and_the_rows_of_a_list_have_the_lines_they_stand_on():
    paths = ("format", "about", "about.name", "steps[2].name", "registration.fields[2].name")
    assert lines_of(FILE, paths) == (1, 3, 4, 10, 15)


def test_what_stands_nowhere_has_the_line_of_the_nearest_thing_around_it():
    assert lines_of(FILE, ("about.zone", "steps[1].by.value", "pin.life")) == (3, 6, None)


def test_a_text_that_a_machine_wrote_on_one_line_has_no_lines():
    assert lines_of('{"format":1}', ("format",)) == (None,)
