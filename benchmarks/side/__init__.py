"""The same operations on the same data by `query` and by TanStack Query on Node, to be timed side by side.

row       what a row is, and where rows are found
rows/     the rows in Python, a file a topic
node/     the same rows in JavaScript, under the same names
timing    how long a row takes
worker    one process that runs rows and prints their figures
rounds    processes of both sides in turn, and the ratio of each round
goals     what the ratios are to be
tables    how all of that is shown
"""
