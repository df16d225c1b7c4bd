"""closure -> files: the graph in the syntaxes of RDF, as tables, and described for those who look for data sets.

facts        quads of any number, each once, in a table that sorts them
context      the ontology -> the JSON-LD context, which also names the columns of tables
syntaxes     facts -> Turtle, TriG, N-Triples, N-Quads, RDF/XML;  jsonld: facts -> JSON-LD
tables       facts -> csv or Parquet, a table for each class
canonical    facts -> their hash by RDFC-1.0
profile      facts -> what can be counted of them;  describe, croissant: a profile -> VoID, DCAT, PROV, Croissant
release      sources -> a file, or a folder of files with their descriptions and checksums
"""
