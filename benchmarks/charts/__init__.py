"""Charts as SVG, for pages that are light or dark.

svg       what charts are drawn with
bars      how each row compares, one bar a row
curves    how rows grow, both sides in one plot, with the slope at each curve
"""
