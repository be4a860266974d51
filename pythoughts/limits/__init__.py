"""Counters that hold over every process: how often something was done within a time."""
