"""What a look into files finds, for the tests of the import dialog: layers off their place, tables of counts, columns that are private."""

from __future__ import annotations

import dataclasses

from gridplanner.io.doctor.coordinates import Candidate
from gridplanner.io.doctor.encodings import EncodingChoice
from gridplanner.io.doctor.shifts import ShiftFinding
from gridplanner.io.source_report import FieldFacts, JoinChoice, SourceReport

WHY = "“{layer}” lies {before} m from “{against}” as it stands and {after} m with {datum} undone (median)"
COUNTIES = SourceReport(
    "/数据/县界.gpkg", "县界", "polygon", 13, {"adcode": "text", "name": "text"}, "EPSG:4326 (WGS 84)", "UTF-8", "communities",
    {"code": "adcode", "name": "name"}, box=(101.0, 36.0, 103.0, 38.0),
    columns=("adcode", "name"), rows=(("630102", "城东区"), ("630103", "城中区")),
    shifts=(
        ShiftFinding(
            "县界.gpkg", "道路.gpkg", "gcj02", 431.0, 8.0, 426.0, True, WHY,
            {"layer": "县界.gpkg", "against": "道路.gpkg", "before": "431", "after": "8", "datum": "GCJ-02"},
        ),
    ),
)  # fmt: skip
BUILDINGS = SourceReport(
    "/数据/建筑物.shp", "建筑物", "polygon", 300, {"楼栋编码": "text", "层数": "whole"}, "EPSG:4490 (CGCS2000)", "GB18030 (.cpg)",
    "households",
    columns=("楼栋编码", "层数"), rows=(("620802100001", "6"), ("620802100002", "18")),
    encodings=(
        EncodingChoice("GB18030", "GBK / GB18030", ".cpg", True, True, ("楼栋编码", "层数"), ("西郊花园",)),
        EncodingChoice("UTF-8", "UTF-8", "3 texts do not fit", False, False, ("¥���", "����"), ("����",)),
        EncodingChoice("CP950", "Big5", "1 texts do not fit", False, False, ("楼栂晤鎢", "脯杅"), ("昹蝠豪埶",)),
    ),
    joins=(
        JoinChoice("/数据/楼栋户数.csv", "楼栋户数", "户主编码", "层数", 2, 288, 300),
        JoinChoice("/数据/楼栋户数.csv", "楼栋户数", "楼栋编码", "楼栋编码", 288, 288, 300),
    ),
)  # fmt: skip
COUNTS = SourceReport(
    "/数据/楼栋户数.csv", "楼栋户数", "", 288, {"楼栋编码": "text", "户数": "whole", "户主编码": "text", "身份证号": "text"}, "", "UTF-8",
    columns=("楼栋编码", "户数", "户主编码", "身份证号"), rows=(("620802100001", "12", "a", "•••"), ("620802100002", "36", "b", "•••")),
    facts={"身份证号": FieldFacts("text", 1.0, 288, private=True, holds="identity numbers")},
    problems=("the field “身份证号” holds identity numbers and cannot be mapped", "2 rows have no place", "a name was mended"),
    refused=("the field “身份证号” holds identity numbers and cannot be mapped",), mended=("a name was mended",),
)  # fmt: skip
RESIDENTS = dataclasses.replace(
    COUNTS, count=900, fields={"楼栋编码": "text", "身份证号": "text"}, columns=("楼栋编码", "身份证号"), rows=(("620802100001", "•••"),)
)
SWAPPED = SourceReport(
    "/数据/颠倒.shp", "颠倒", "point", 40, {"name": "text"}, "EPSG:4326 (WGS 84)", "UTF-8", "depots",
    crs_candidates=(
        Candidate("EPSG:4326", "yx", why="the values are degrees, latitude first", score=0.8),
        Candidate("EPSG:4523", why="the eastings begin with zone number 35", score=0.1),
    ),
)  # fmt: skip
SCALED = dataclasses.replace(
    SWAPPED, path="/数据/整数.csv", layer="整数", crs="", crs_guess="EPSG:4326",
    crs_candidates=(Candidate("EPSG:4326", "xy", 1e-6, why="the values are degrees times 1e+06", score=0.8),),
)  # fmt: skip
SHEET = SourceReport(
    "/数据/住户.csv", "住户", "", 400, {"户数": "whole", "东": "number", "北": "number"}, "", "UTF-8", "", columns=("户数", "东", "北"),
    rows=(("3", "106.66", "35.53"),),
)  # fmt: skip
REGISTER = dataclasses.replace(
    SHEET, path="/数据/登记.csv", layer="登记", geometry="point", from_columns=True, role="households", crs="EPSG:4326 (WGS 84)",
    mapping={"households": "户数", "x": "东", "y": "北"},
)  # fmt: skip
