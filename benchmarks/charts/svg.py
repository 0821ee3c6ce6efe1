"""A small writer of SVG whose colours follow the reader's: light by default, dark where that is preferred."""

from __future__ import annotations

from typing import Literal
from xml.sax.saxutils import escape

STYLE = """
text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
.small { font-size: 11px; }
.title { font-size: 14px; font-weight: 600; }
.faint { fill: #59636e; }
.paper { fill: #ffffff; }
.grid { stroke: #d8dee4; stroke-width: 1; }
.one { stroke: #59636e; stroke-width: 1.5; }
.ours { fill: #0969da; stroke: #0969da; }
.theirs { fill: #bc4c00; stroke: #bc4c00; }
.slower { fill: #bc4c00; stroke: #bc4c00; }
.line { fill: none; stroke-width: 2; }
text.ours, text.theirs { stroke: none; font-weight: 600; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .faint { fill: #9198a1; }
  .paper { fill: #0d1117; }
  .grid { stroke: #2f353d; }
  .one { stroke: #9198a1; }
  .ours { fill: #4493f8; stroke: #4493f8; }
  .theirs, .slower { fill: #f0883e; stroke: #f0883e; }
}
"""

Anchor = Literal["start", "middle", "end"]


class Drawing:
    """Shapes on a sheet.

    Args:
        width: In pixels.
        height: In pixels.
        title: What it shows, for those who cannot see it.
    """

    def __init__(self, width: float, height: float, title: str) -> None:
        self.width = width
        self.height = height
        self.title = title
        self._shapes: list[str] = []

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: Anchor = "start") -> None:
        """Write.

        Args:
            x: Where, from the left.
            y: The base line, from the top.
            words: What.
            kind: Classes of ``STYLE``.
            anchor: Which part of the words is at *x*.
        """
        self._shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """Draw a straight line.

        Args:
            x1: From where.
            y1: From where.
            x2: To where.
            y2: To where.
            kind: Classes of ``STYLE``.
        """
        self._shapes.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>')

    def box(self, x: float, y: float, width: float, height: float, kind: str, hint: str = "") -> None:
        """Draw a filled box.

        Args:
            x: Its left side.
            y: Its upper side.
            width: How wide.
            height: How high.
            kind: Classes of ``STYLE``.
            hint: What is shown when a pointer rests on it.
        """
        note = f"<title>{escape(hint)}</title>" if hint else ""
        size = f'width="{width:.1f}" height="{height:.1f}"'
        self._shapes.append(f'<rect x="{x:.1f}" y="{y:.1f}" {size} class="{kind}" stroke="none">{note}</rect>')

    def curve(self, points: list[tuple[float, float]], kind: str) -> None:
        """Draw lines from point to point, with a dot at each.

        Args:
            points: The points.
            kind: Classes of ``STYLE``.
        """
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self._shapes.append(f'<polyline points="{path}" class="{kind} line" style="fill:none"/>')
        self._shapes.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" class="{kind}"/>' for x, y in points)

    def __str__(self) -> str:
        size = f'width="{self.width:.0f}" height="{self.height:.0f}" viewBox="0 0 {self.width:.0f} {self.height:.0f}"'
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>{escape(self.title)}</title>",
            f"<style>{STYLE}</style>",
            f'<rect width="{self.width:.0f}" height="{self.height:.0f}" rx="6" class="paper"/>',
            *self._shapes,
            "</svg>",
        ]
        return "\n".join(parts) + "\n"
