"""The graph for assistants that speak the Model Context Protocol: tools with schemas and limits, on standard input.

    serve(store, bounds)    run a server until its client ends it (the extra `mcp`)

The package of that name on PyPI is the protocol's own SDK; here it is always imported as a whole, `from mcp..`. What a
tool does is done by the workers of `kg.serve`, each call within bounds.
"""
