"""Pictures of the import dialog: a list off its place, its text in every encoding, counts joined to buildings, an archive, findings."""

from __future__ import annotations

from pathlib import Path

from pictures import save, sheet, window_on

SIDE = 0.00012  # degrees of a building
PAGES = (("list", 0, "map"), ("list", 0, "rows"), ("joined", 0, "map"), ("archive", 1, "findings"))  # files, the layer, the page


def plan_import(town: Path) -> None:
    """Make data as it arrives: a list from a phone map, buildings with their counts beside, an archive, a broken file."""
    import json
    import zipfile

    import sample_data
    from gridplanner.io.crs import WGS84, transform
    from gridplanner.io.doctor.datums import from_wgs84
    from gridplanner.io.vector_files import read_table

    sample, data = Path(sample_data.__file__).parent / "xijiao", town.with_name("data")
    data.mkdir()
    table = read_table(sample / "households.gpkg", "households", ["hh", "pop", "addr"])
    lonlat = transform(table.points, table.crs, WGS84)
    rows = list(zip(table.columns["addr"].tolist(), table.columns["hh"].tolist(), table.columns["pop"].tolist(), strict=True))
    shifted = from_wgs84(lonlat, "gcj02").tolist()
    text = [f"{where},{homes},{persons},13912345678,{x:.6f},{y:.6f}" for (where, homes, persons), (x, y) in zip(rows, shifted, strict=True)]
    (data / "住户登记.csv").write_bytes("\n".join(["地址,户数,人口,联系电话,经度,纬度", *text]).encode("gb18030"))
    shapes = []
    for number, (x, y) in enumerate(lonlat[:600].tolist()):
        ring = [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]
        place = {"type": "Polygon", "coordinates": [ring]}
        shapes.append({"type": "Feature", "properties": {"楼栋编码": f"LD{number:04}"}, "geometry": place})
    buildings = json.dumps({"type": "FeatureCollection", "features": shapes}, ensure_ascii=False)
    (data / "建筑物.geojson").write_text(buildings, encoding="utf-8")
    counts = [f"LD{number:04},{homes},{persons}" for number, (_where, homes, persons) in enumerate(rows[:580])]
    (data / "楼栋户数.csv").write_text("\n".join(["楼栋编码,户数,人口", *counts]), encoding="utf-8")
    with zipfile.ZipFile(data / "西郊街道 资料.zip", "w") as archive:
        for path in sorted(sample.glob("communities.*")):
            archive.write(path, f"社区界{path.suffix}")
    (data / "坏文件.geojson").write_bytes(b"")


def take_import(code: str, look: str, scale: str, town: Path, folder: Path) -> None:
    """Take the import dialog in one language, look and scaling."""
    import sample_data
    from ui.dialogs.import_dialog import ImportDialog

    sample, data = Path(sample_data.__file__).parent / "xijiao", town.with_name("data")
    files = {
        "list": [data / "住户登记.csv", sample / "roads.gpkg", sample / "communities.shp"],
        "joined": [data / "建筑物.geojson", data / "楼栋户数.csv", sample / "communities.shp"],
        "archive": [data / "西郊街道 资料.zip", data / "坏文件.geojson"],
    }
    with window_on(code, look, scale) as (desk, wait):
        pictures = []
        for name, layer, page in PAGES:
            desk.files.import_data(files[name])
            dialog = desk.window.findChildren(ImportDialog)[-1]
            wait(lambda dialog=dialog: bool(dialog.cards) and not desk.jobs.is_busy, 20.0)
            dialog.choose(layer)
            wait(lambda: False, 0.5)
            wait(lambda: not desk.jobs.is_busy, 20.0)
            dialog.glance.tabs.choose(page)
            wait(lambda: False, 0.3)
            pictures.append(dialog.grab().toImage())
            dialog.reject()
            wait(lambda: not desk.jobs.is_busy, 20.0)
        save(sheet(pictures, look, float(scale)), folder / f"import-{code[:2]}-{look}-{round(100 * float(scale))}.png")
