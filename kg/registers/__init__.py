"""Readers of registers and vocabularies: each turns printed rows into facts of the graph."""
