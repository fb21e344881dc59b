"""Grading on many machines: the same unit of work, done by workers of an existing distributed engine.

run  ->  remote.py  ->  fleet (dask.py)  ->  station.py  ->  helper.py: a fork server and a lane, as on one machine
"""
