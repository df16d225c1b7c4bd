"""The graph on the web: SPARQL by its protocol, each thing at its own address, in processes that can be ended.

    server    binds, starts the workers, runs until it is told to end
    app       routes: /sparql, the things of the graph, robots.txt
    workers   the processes that read the store; one job at a time each, ended when it takes too long
    jobs      what a worker does

The server's own process never reads the store, so no query can hold it up.
"""
