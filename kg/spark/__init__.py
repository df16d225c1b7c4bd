"""OWL 2 RL on Apache Spark: the rules, the evaluation and the SELECTs of `kg.owl2rl`, run by a cluster.

    session(master)                  a Spark session, started for a closure or import and stopped after it
    close(spark, sources, work)      their closure, a checkpoint after each round in the folder `work`

What grows with the facts stays on the cluster: terms, facts, literals' values, classes of equal terms. The schema is
closed on the driver, as it is for DuckDB, and its rows are sent to where the facts are. An import (`kg.import_spark`)
has the same session, files and folder.
"""

from kg.spark.session import session
from kg.spark.tables import SparkTables, close

__all__ = ["SparkTables", "close", "session"]
