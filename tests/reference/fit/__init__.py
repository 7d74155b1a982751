"""Fits that other programs and papers report."""
