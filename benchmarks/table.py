#!/usr/bin/env python3
"""Prints what spark-bench measured.

    table.py RATIOS            a block for each question, a line for each subject, a column for each size
    table.py NOW BEFORE        of two versions that ran in turn, several times each: for each block the median over its
                               rows of the new time over the old, and the row that lost most; of each row the median
                               over pairs of neighbouring runs counts
"""
import collections
import statistics
import sys


def read(path):
    """The times and those by which they are divided: of each block, by row and column."""
    blocks = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in open(path, encoding="utf-8"):
        order, nanoseconds, title, row, column, time, reference = line.rstrip("\n").split("\t")
        blocks[int(order), title, nanoseconds == "1"][row, column].append((float(time), float(reference)))
    return sorted(blocks.items(), key=lambda block: block[0][0])


def cell(runs, nanoseconds):
    times = [statistics.median_high(side) for side in zip(*runs)]
    ratio = times[0] / times[1]
    shown = f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"
    if nanoseconds:
        shown += " (" + ", ".join(f"{t:.1f}" if t < 100 else f"{t:.0f}" for t in times) + ")"
    return shown


def table(blocks):
    for (_, title, nanoseconds), times in blocks:
        cells = {place: cell(runs, nanoseconds) for place, runs in times.items()}
        rows, columns = (list(dict.fromkeys(names)) for names in zip(*cells))
        first = max(map(len, rows)) + 2
        others = max(9, *map(len, columns), *map(len, cells.values()))
        print(f"\n{title}\n{'':{first}}", *(f"{column:>{others}}" for column in columns), sep="  ")
        for row in rows:
            line = (f"{cells.get((row, column), ''):>{others}}" for column in columns)
            print(f"{'  ' + row:{first}}", *line, sep="  ")


def compare(now, before):
    old = {block: times for block, times in before}
    print("\nTime now / time before\n  rows  median   worst")
    for block, times in now:
        earlier = old.get(block, {})
        quotients = {", ".join(place): statistics.median_high(new[0] / was[0] for new, was in zip(runs, earlier[place]))
                     for place, runs in times.items() if place in earlier}
        if quotients:
            worst = max(quotients, key=quotients.get)
            print(f"{len(quotients):6}  {statistics.median_high(quotients.values()):6.3f}  {quotients[worst]:6.3f}  "
                  f"{block[1]}: {worst}")


if len(sys.argv) == 2:
    table(read(sys.argv[1]))
else:
    compare(read(sys.argv[1]), read(sys.argv[2]))
