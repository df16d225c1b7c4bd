"""The registers of the agencies: a download becomes facts, one way: file -> rows -> records -> facts -> RDF."""
