"""What a layer is and which of its fields mean what: field sets as they come in China and elsewhere, by their names and by their values."""

from pathlib import Path

import numpy as np
import pytest

from gridplanner.io.fields import cut_names
from gridplanner.io.roles import guess_fields, guess_role
from gridplanner.io.sources import inspect
from gridplanner.io.table import Table
from gridplanner.io.value_guess import guess_fields_by_values, role_by_values

FIELD_SETS = [
    ("communities", ["OBJECTID", "XZQDM", "XZQMC"], {"code": "XZQDM", "name": "XZQMC"}),
    ("communities", ["社区名", "社区编"], {"code": "社区编", "name": "社区名"}),  # ten bytes of UTF-8
    ("communities", ["社区居委会", "所属街道名"], {"street": "所属街道名"}),  # ten bytes of GBK: a name or a code, its values tell
    ("communities", ["SQBM", "SQMC", "SSJD"], {"code": "SQBM", "name": "SQMC", "street": "SSJD"}),
    ("communities", ["行政区划代码", "行政村名称", "乡镇名称"], {"code": "行政区划代码", "name": "行政村名称", "street": "乡镇名称"}),
    ("communities", ["ZLDWDM", "ZLDWMC"], {"code": "ZLDWDM", "name": "ZLDWMC"}),
    ("communities", ["PAC", "NAME"], {"code": "PAC", "name": "NAME"}),
    ("communities", ["community_", "subdistric"], {"street": "subdistric"}),
    ("communities", ["村居名称", "村居代码", "户主姓名"], {"code": "村居代码", "name": "村居名称"}),
    ("households", ["楼栋编号", "总户数", "常住人口", "门牌地址"], {"households": "总户数", "persons": "常住人口", "address": "门牌地址"}),
    ("households", ["HS", "RK", "DZ"], {"households": "HS", "persons": "RK", "address": "DZ"}),
    ("households", ["户籍户", "常住人"], {"households": "户籍户", "persons": "常住人"}),  # 户籍户数, 常住人口数 cut in UTF-8
    ("households", ["姓名", "户主", "户数"], {"households": "户数"}),
    ("households", ["身份证地址", "地址"], {"address": "地址"}),
    ("roads", ["道路名称", "道路等级", "限速", "单行线"], {"class": "道路等级", "name": "道路名称", "oneway": "单行线", "speed": "限速"}),
    ("roads", ["osm_id", "fclass", "name", "oneway", "maxspeed", "layer"],
     {"class": "fclass", "name": "name", "oneway": "oneway", "speed": "maxspeed", "level": "layer"}),
    ("roads", ["DLMC", "DLDJ"], {"class": "DLDJ", "name": "DLMC"}),
    ("roads", ["道路名", "道路等"], {"class": "道路等", "name": "道路名"}),
    ("stations", ["站名", "中心里", "线别"], {"name": "站名", "chainage_km": "中心里"}),
    ("staff", ["姓名", "职务", "联系电话"], {"name": "姓名", "role": "职务", "work_phone": "联系电话"}),
]  # fmt: skip


@pytest.mark.parametrize(("role", "fields", "mapping"), FIELD_SETS)
def test_field_sets_as_they_come_are_understood(role, fields, mapping):
    assert guess_fields(role, fields) == mapping


def test_names_are_cut_at_ten_bytes_of_either_encoding():
    assert cut_names("社区居委会名称") == {"社区居", "社区居委会"}
    assert cut_names("household_count") == {"household_"}
    assert cut_names("name") == set()


def table_of(columns):
    count = len(next(iter(columns.values())))
    made = {name: np.array(values, object if isinstance(values[0], str) else None) for name, values in columns.items()}
    return Table(Path("t.csv"), "", "", np.full(count, None, object), made, np.arange(1, count + 1))


VALUES = [
    ("communities", {"a": ["620802001001", "620802001002", "620802001003"], "b": ["东关社区", "西街社区", "北塬村"]},
     {"code": "a", "name": "b"}),
    ("communities", {"a": ["钟楼居委会", "甲村", "乙村", "丙村"], "b": ["西郊街道", "西郊街道", "东镇", "东镇"]},
     {"name": "a", "street": "b"}),
    ("households", {"v1": [3, 12, 1, 40, 3], "v2": ["一路1号", "一路2号", "二路3号楼", "二路4栋2单元", "三巷5号"]},
     {"households": "v1", "address": "v2"}),
    ("households", {"v1": [8, 31, 3, 101, 9], "v2": [3, 12, 1, 40, 3]}, {"households": "v2", "persons": "v1"}),
    ("households", {"户数": [3, 12, 1, 40, 3], "v": [8, 31, 3, 101, 9]}, {"households": "户数", "persons": "v"}),
    ("households", {"户数": [3, 12, 1, 40, 3], "房间": [8, 2, 7, 1, 9]}, {"households": "户数"}),  # nothing to do with each other
    ("households", {"编号": [1, 2, 3, 4], "楼层": [6, 6, 11, 18]}, {}),
    ("households", {"a": [3, 1, 2, 2], "b": [2, 2, 1, 5]}, {}),  # either might be
    ("roads", {"a": ["主干道", "支路", "次干路"], "b": ["人民路", "东街", "三八巷"], "c": [1, 0, 0], "d": [60, 30, 40]},
     {"class": "a", "name": "b", "oneway": "c", "speed": "d"}),
    ("roads", {"a": ["residential", "primary", "service"], "b": ["Main Street", "Oak Ave", "Elm Dr"],
               "bridge_": [1, 0, 0], "z": [0, 0, -1]},
     {"class": "a", "name": "b"}),
    ("roads", {"要求次数": [0, 1, 1, 0], "required": ["yes", "no", "no", "yes"]}, {}),  # yes or no to what is not known
    ("roads", {"方向": ["单向", "双向", "双向"]}, {"oneway": "方向"}),
    ("roads", {"lvl": [0, 0, 0, 1, -1], "name": ["一路", "二路", "", "三街", ""]}, {"name": "name", "level": "lvl"}),
    ("stations", {"a": ["格尔木站", "南山口站", "纳赤台站"], "b": ["K814+300", "K841+050", "K900+000"]}, {"name": "a", "chainage_km": "b"}),
    ("key_sites", {"n": ["一小学校", "县医院", "人民银行"], "a": ["08:00", "9:30", "08:00"], "b": ["18:00", "17:30", "20:00"]},
     {"name": "n", "from": "a", "to": "b"}),
    ("incidents", {"t": ["2026-01-03", "2026-01-05", "2026-02-01"]}, {"month": "t"}),
    # no name says “phone”
    ("staff", {"a": ["网格员", "街长", "民警"], "b": ["0933-8212345", "13812345678", "13912345678"]}, {"role": "a"}),
]  # fmt: skip


@pytest.mark.parametrize(("role", "columns", "mapping"), VALUES)
def test_values_tell_what_names_do_not(role, columns, mapping):
    assert guess_fields_by_values(role, table_of(columns), guess_fields(role, columns)) == mapping


def test_a_name_that_the_values_gainsay_is_not_believed():
    columns = {"户数": ["甲楼", "乙楼", "丙楼", "丁楼"], "n": [3, 12, 1, 40]}
    assert guess_fields_by_values("households", table_of(columns), {"households": "户数"}) == {"households": "n"}


def test_columns_of_people_are_not_proposed_for_anything():
    columns = {"code": ["62080219800101123X"] * 3, "name": ["东关社区", "西街社区 13812345678", "北塬村"]}
    assert guess_fields_by_values("communities", table_of(columns), guess_fields("communities", columns)) == {}


@pytest.mark.parametrize(
    ("geometry", "columns", "role"),
    [
        ("polygon", {"a": ["620802001001", "620802001002", "620802001003"]}, "communities"),
        ("polygon", {"a": ["城关派出所", "西郊派出所", "东郊派出所"]}, "station_areas"),
        ("line", {"a": ["residential", "primary", "service"]}, "roads"),
        ("point", {"a": ["K814+300", "K814+400", "K814+500"]}, "rail_posts"),
        ("point", {"a": ["城关派出所", "西郊警务室", "东郊警务站"]}, "depots"),
        ("", {"a": ["网格员", "网格员", "街长"]}, "staff"),
        ("point", {"a": ["x", "y", "z"]}, ""),
    ],
)
def test_values_tell_what_a_layer_is(geometry, columns, role):
    assert role_by_values(geometry, table_of(columns)) == role


REAL = {  # what is in the real layers, by hand
    "beats/carrollton/StreetCenterlines.shp": ("roads", {"name": "StreetName", "speed": "SpeedLimit"}),
    "beats/carrollton/ReportingAreas.shp": ("current_grids", {}),  # PDGrid; a postcode is no code
    "towns/liechtenstein_households.gpkg": ("households", {"households": "hh", "address": "street"}),
    "towns/dreieich_households.gpkg": ("households", {"households": "hh", "address": "street"}),
    "china/qinghai_gansu_counties_datav.gpkg": ("communities", {"code": "adcode", "name": "name"}),
    "china/620800_datav.geojson": ("communities", {"code": "adcode", "name": "name"}),
    "torture/generated/gbk_no_cpg.shp": ("communities", {"code": "编码", "name": "名称"}),
}


@pytest.mark.parametrize("name", REAL)
def test_real_layers_are_understood(test_data, name):
    report = next(iter(inspect([test_data / name])))
    assert (report.role, dict(report.mapping)) == REAL[name]


def test_a_role_that_nothing_says_goes_by_geometry():
    assert guess_role("line", ["x", "y"], 4) == "roads"
