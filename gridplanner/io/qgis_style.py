"""The look of a layer as QGIS writes it (3.16 or later): a renderer and labels."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from gridplanner.io.formats.look import INK, LayerLook, colours_by_value, label_fields, layer_look
from gridplanner.io.layer_columns import LayerRows
from gridplanner.io.xml_text import xml_text

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_MOST = 80  # values that get an entry of their own in the legend
_PLACEMENT = {
    "Point": 'placement="6" dist="0.6" distUnits="MM"',  # around the point, by where there is room
    "LineString": 'placement="2" placementFlags="9" dist="0.4" distUnits="MM"',  # beside the line, as it runs
    "Polygon": 'placement="1" centroidInside="1" fitInPolygonOnly="0"',
}


def style_file(rows: LayerRows, titles: Mapping[str, str] | None = None) -> str:
    """Return the content of a style file (.qml): the look, and `titles` as what its fields are called."""
    kinds = "Symbology|Labeling|Fields" if titles else "Symbology|Labeling"
    return (
        f'{DOCTYPE}<qgis version="3.16.0" styleCategories="{kinds}" labelsEnabled="1">\n{style_of(rows)}{_aliases(titles or {})}</qgis>\n'
    )


def table_style_file(titles: Mapping[str, str]) -> str:
    """Return the content of a style file for a table without places: what its fields are called."""
    return f'{DOCTYPE}<qgis version="3.16.0" styleCategories="Fields">\n{_aliases(titles)}</qgis>\n'


def _aliases(titles: Mapping[str, str]) -> str:
    if not titles:
        return ""
    said = (
        f"<alias index={_said(str(at))} field={_said(name)} name={_said(title)}/>" for at, (name, title) in enumerate(titles.items())
    )  # fmt: skip
    return f"<aliases>{''.join(said)}</aliases>\n"


def style_of(rows: LayerRows) -> str:
    """Return the elements that say how a layer looks."""
    look = layer_look(rows)
    by, colours = colours_by_value(rows)
    if by and len(colours) <= _MOST:
        drawn = _categories(rows, look, _quoted(by), {value: colour for value, colour in colours.items() if value})
    elif len(look.palette) > 1:
        drawn = _categories(rows, look, f"$id % {len(look.palette)}", {str(at): ink for at, ink in enumerate(look.palette)})
    else:
        symbol = _symbol(rows, look, look.palette[0], "0")
        how = 'type="singleSymbol" enableorderby="0" forceraster="0" symbollevels="0"'
        drawn = f"<renderer-v2 {how}><symbols>{symbol}</symbols></renderer-v2>\n"
    return drawn + _labels(rows)


def _categories(rows: LayerRows, look: LayerLook, attribute: str, colours: dict[str, str]) -> str:
    listed = {**colours, "": look.palette[0]}  # what has another value
    rule = "".join(
        f'<category value={_said(value)} label={_said(value)} symbol="{at}" render="true"/>' for at, value in enumerate(listed)
    )  # fmt: skip
    symbols = "".join(_symbol(rows, look, colour, str(at)) for at, colour in enumerate(listed.values()))
    return (
        f'<renderer-v2 type="categorizedSymbol" attr={_said(attribute)} enableorderby="0" forceraster="0" symbollevels="0">'
        f"<categories>{rule}</categories><symbols>{symbols}</symbols></renderer-v2>\n"
    )


def _symbol(rows: LayerRows, look: LayerLook, colour: str, name: str) -> str:
    if rows.schema.geometry == "Polygon":
        outline = colour if look.opacity == 0.0 else INK
        values = {
            "color": _ink(colour, look.opacity), "style": "no" if look.opacity == 0.0 else "solid", "outline_color": _ink(outline, 1.0),
            "outline_style": "solid", "outline_width": f"{look.size}", "outline_width_unit": "MM", "joinstyle": "round",
        }  # fmt: skip
        return _drawn("fill", "SimpleFill", name, values)
    if rows.schema.geometry == "LineString":
        values = {
            "line_color": _ink(colour, 1.0), "line_style": "solid", "line_width": f"{look.size}", "line_width_unit": "MM",
            "capstyle": "round", "joinstyle": "round",
        }  # fmt: skip
        return _drawn("line", "SimpleLine", name, values)
    values = {
        "name": "circle", "color": _ink(colour, 1.0), "size": f"{look.size}", "size_unit": "MM", "outline_color": "255,255,255,255",
        "outline_width": "0.2", "outline_width_unit": "MM", "outline_style": "solid",
    }  # fmt: skip
    return _drawn("marker", "SimpleMarker", name, values)


def _drawn(kind: str, of_class: str, name: str, values: dict[str, str]) -> str:
    props = "".join(f"<prop k={_said(key)} v={_said(value)}/>" for key, value in values.items())
    return (
        f'<symbol type="{kind}" name="{name}" alpha="1" clip_to_extent="1" force_rhr="0">'
        f'<layer class="{of_class}" enabled="1" locked="0" pass="0">{props}</layer></symbol>'
    )


def _labels(rows: LayerRows) -> str:
    names = label_fields(rows)
    if not names:
        return ""
    words = ", ".join(f"nullif(to_string({_quoted(name)}), '')" for name in names)
    expression = f"coalesce({words}, '')"
    return (
        f'<labeling type="simple"><settings><text-style fieldName={_said(expression)} isExpression="1" '
        'fontSize="8" fontSizeUnit="Point" textColor="16,24,40,255" textOpacity="1" multilineHeight="1">'
        '<text-buffer bufferDraw="1" bufferSize="0.7" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="1"/></text-style>'
        f"<placement {_PLACEMENT[rows.schema.geometry]}/>"
        '<rendering drawLabels="1" displayAll="0" obstacle="0" scaleVisibility="0"/></settings></labeling>\n'
    )


def _ink(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def _quoted(name: str) -> str:
    """Return the name of a field as an expression has it."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _said(words: str) -> str:
    return quoteattr(xml_text(words))
