"""The service over HTTP, for front ends that aren't written in Python.

It is a front end like any other: it goes through the front door, knows who asks by an access
token, and passes on the actor that was stated where that token may state it.
"""
