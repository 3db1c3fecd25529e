"""Charts as SVG, drawn by the server: no script, no inline style, coloured by classes.

Whoever shows one puts the same numbers into a sentence and a table beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_TOP: Final = 10
_BOTTOM: Final = 20
_LEFT: Final = 26
_GAP: Final = 0.34
_LABELS_MOST: Final = 16
_STEPS: Final = (1, 2, 4, 5, 8, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class Series:
    """What one colour stands for."""

    name: str
    css: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what stands below it, and a number for each series."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where the numbers lie in the picture."""

    width: int
    height: int
    step: int
    most: int
    bars: int

    @property
    def band(self) -> float:
        return (self.width - _LEFT) / max(1, self.bars)

    def y(self, value: float) -> float:
        return _TOP + (self.height - _TOP - _BOTTOM) * (1 - value / self.most)


def stacked_bars(
    bars: Sequence[Bar],
    series: Sequence[Series],
    *,
    title: str,
    size: tuple[int, int] = (468, 176),
    target: float = 0,
) -> SafeString:
    """Hours as stacked bars, with a dashed line at the target if there is one."""
    peak = max([sum(bar.values) for bar in bars] + [target, 1])
    step = next((each for each in _STEPS if peak / each <= 4), _STEPS[-1])
    most = int(step * -(-peak // step))
    plane = _Plane(size[0], size[1], step, most, len(bars))
    every = -(-len(bars) // _LABELS_MOST) or 1
    line = ""
    if target:
        at = f"M{_LEFT} {plane.y(target):.1f}H{plane.width}"
        line = format_html('<path class="targetline" d="{}"/>', at)
    return format_html(
        '<svg class="chart" width="{0}" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">'
        "{3}{4}{5}</svg>",
        *(plane.width, plane.height, title),
        format_html_join("", "{}", ((each,) for each in _lines(plane))),
        format_html_join(
            "",
            "{}",
            (
                (_bar(plane, n, bar, series, is_labelled=n % every == 0),)
                for n, bar in enumerate(bars)
            ),
        ),
        line,
    )


def meter(value: float, most: float, css: str = "c1") -> SafeString:
    """A line that is filled as far as the value goes; its width is an attribute, never a style."""
    width = 0.0 if not most else min(100.0, 100 * value / most)
    return format_html(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-bg" width="100" height="6"/>'
        '<rect class="{}" width="{}" height="6"/></svg>',
        css,
        f"{width:.1f}",
    )


def _lines(plane: _Plane) -> Iterator[SafeString]:
    for value in range(0, plane.most + 1, plane.step):
        y = plane.y(value)
        yield format_html(
            '<path class="gridline" d="M{} {}H{}"/>'
            '<text class="tick" x="{}" y="{}" text-anchor="end">{}</text>',
            *(_LEFT, f"{y:.1f}", plane.width, _LEFT - 6, f"{y + 3.5:.1f}", value),
        )


def _bar(
    plane: _Plane, number: int, bar: Bar, series: Sequence[Series], *, is_labelled: bool
) -> SafeString:
    left, width = _LEFT + plane.band * number, plane.band * (1 - _GAP)
    x = left + (plane.band - width) / 2
    parts, base = [], 0.0
    for value, each in zip(bar.values, series, strict=True):
        if value:
            top, foot = plane.y(base + value), plane.y(base)
            shape = (f"{x:.1f}", f"{top:.1f}", f"{width:.1f}", f"{max(foot - top - 0.8, 0.8):.1f}")
            parts.append((each.css, *shape, f"{min(2, width / 4):.1f}"))
            base += value
    return format_html(
        '<g><title>{}: {}</title><rect class="hit" x="{}" y="{}" width="{}" height="{}"/>{}</g>{}',
        bar.label,
        _said(bar, series),
        *(f"{left:.1f}", _TOP, f"{plane.band:.1f}", plane.height - _TOP - _BOTTOM),
        format_html_join(
            "", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="{}"/>', parts
        ),
        _label(plane, number, bar) if is_labelled else "",
    )


def _said(bar: Bar, series: Sequence[Series]) -> str:
    told = zip(bar.values, series, strict=True)
    return ", ".join(f"{value:.4g} h {each.name}" for value, each in told if value) or "nothing"


def _label(plane: _Plane, number: int, bar: Bar) -> SafeString:
    return format_html(
        '<text class="tick" x="{}" y="{}" text-anchor="middle">{}</text>',
        *(f"{_LEFT + plane.band * (number + 0.5):.1f}", plane.height - 5, bar.label),
    )
