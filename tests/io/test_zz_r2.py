import dataclasses, os, signal, time, traceback, logging, io, subprocess, threading
from pathlib import Path
import numpy as np, shapely
from tests.io.test_postgis import *
from tests.io.postgis_server import database
from gridplanner.io.layers import write_layers
def tell(label,f):
    try: r=f(); print("\nOK ",label,r if r is not None else "")
    except InputError as e: print("\nIN ",label,str(e)[:300])
    except BaseException as e: print("\nBAD",label,type(e).__name__,str(e)[:300])
def test_all(database, tmp_path, capfd):
  with capfd.disabled():
    port=database.server.port; S=database.server
    S.run("CREATE ROLE mate LOGIN PASSWORD 'p%%s{x}'", "postgres")
    connections.save_connection(Connection("mate","127.0.0.1",port,"town","mate")); connections.use_password("mate","p%%s{x}")
    sch=schema_of(database,"shared")
    write_postgis([squares()],database.target(sch),CRS)
    database.run(f'GRANT USAGE ON SCHEMA {sch} TO mate; GRANT ALL ON ALL TABLES IN SCHEMA {sch} TO mate')
    tell("colleague w/ ALL rights, same columns",lambda: write_postgis([squares(["x","y","z"])],DatabaseTarget("mate",sch),CRS))
    print(rows_in(database,f"{sch}.grids","name"))
    more=made("grids","Polygon",[("grid_code",TEXT)],SQUARES,{"grid_code":["1","2","3"]})
    tell("colleague other columns",lambda: write_postgis([more],DatabaseTarget("mate",sch),CRS))
    database.run(f'GRANT CREATE ON SCHEMA {sch} TO mate')
    tell("colleague other columns, CREATE",lambda: write_postgis([more],DatabaseTarget("mate",sch),CRS))
    # system columns
    sysc=made("sysc","Polygon",[("ctid",TEXT),("xmin",TEXT),("tableoid",WHOLE),("oid",TEXT),("geom",TEXT),("fid",TEXT)],SQUARES,{k:["a","b","c"] if k!="tableoid" else np.array([1,2,3]) for k in("ctid","xmin","tableoid","oid","geom","fid")})
    tell("system column names",lambda: write_postgis([sysc],database.target(sch),CRS))
    # FK on table, trigger, RLS
    s2=schema_of(database,"fk"); write_postgis([squares()],database.target(s2),CRS)
    database.run(f"CREATE TABLE {s2}.notes (g int references {s2}.grids(fid)); INSERT INTO {s2}.notes VALUES (1)")
    tell("FK same columns",lambda: write_postgis([squares(["x","y","z"])],database.target(s2),CRS))
    tell("FK other columns",lambda: write_postgis([more],database.target(s2),CRS))
    s3=schema_of(database,"views"); write_postgis([squares()],database.target(s3),CRS)
    database.run(f'CREATE MATERIALIZED VIEW {s3}."v 1" AS SELECT name FROM {s3}.grids; CREATE VIEW public.vv AS SELECT fid FROM {s3}.grids')
    tell("views other cols",lambda: write_postgis([more],database.target(s3),CRS))
    # srid unknown
    tell("user WKT unknown to the db",lambda: write_postgis([squares()],database.target(schema_of(database,"u")),"+proj=tmerc +lat_0=0 +lon_0=101.5 +k=1 +x_0=500000 +ellps=GRS80 +units=m"))
    print(database.run("SELECT obj_description('u.grids'::regclass)"))
    tell("EPSG not in table",lambda: write_postgis([squares()],database.target(schema_of(database,"u2")),"EPSG:9377"))
    print(database.run("SELECT obj_description('u2.grids'::regclass), (SELECT ST_SRID(geom) FROM u2.grids LIMIT 1)"))
    # surrogate names
    c=Connection("sur","127.0.0.1",port,"town","us\ud800er")
    from gridplanner.io.postgis import try_connection
    tell("try surrogate user",lambda: try_connection(c,"p"))
    tell("try surrogate password",lambda: try_connection(Connection("s","127.0.0.1",port,"town","planner"),"p\ud800"))
    tell("try NUL password",lambda: try_connection(Connection("s","127.0.0.1",port,"town","planner"),"p\x00q"))
    tell("try wrong",lambda: try_connection(Connection("s","127.0.0.1",port,"town","planner"),"topsecret"))
    tell("try nohost",lambda: try_connection(Connection("s","no.such.host.invalid",port,"town","planner"),"topsecret"))
    tell("save DEL name",lambda: connections.save_connection(Connection("a\x7fb","127.0.0.1",port,"town","planner")))
    tell("known after",lambda: [x.name for x in connections.known_connections()])
    tell("dup case",lambda: write_postgis([squares(),made("Grids","Polygon",[("A",TEXT),("a",TEXT)],SQUARES,{"A":["1","2","3"],"a":["1","2","3"]})],database.target("Case \"x%"),CRS))
    tell("schema long",lambda: write_postgis([squares()],DatabaseTarget(SERVICE,"长"*22),CRS))
    tell("schema pg_x",lambda: write_postgis([squares()],DatabaseTarget(SERVICE,"pg_x"),CRS))
    tell("schema information_schema",lambda: write_postgis([squares()],DatabaseTarget(SERVICE,"information_schema"),CRS))
    tell("schema NUL",lambda: write_postgis([squares()],DatabaseTarget(SERVICE,"a\x00b"),CRS))
    tell("schema surrogate",lambda: write_postgis([squares()],DatabaseTarget(SERVICE,"a\ud800b"),CRS))
    tell("mixed geometry",lambda: write_postgis([rows_of("issues",np.array([shapely.Point(1,1),None,shapely.Point()],object),{"message":["a","b\x00","\ud800"]})],database.target(schema_of(database,"mix")),CRS))
    tell("inf/nan",lambda: write_postgis([made("n","Point",[("r",REAL)],[shapely.Point(0,0)]*3,{"r":np.array([np.inf,-np.inf,np.nan])})],database.target("mix"),CRS))
    tell("empty",lambda: write_postgis([],database.target("mix"),CRS))
    # hang: stop postmaster + children
    pid=int((S.data/"postmaster.pid").read_text().split()[0])
    kids=[int(x) for x in subprocess.run(["pgrep","-P",str(pid)],capture_output=True,text=True).stdout.split()]
    for p in [pid,*kids]: os.kill(p,signal.SIGSTOP)
    t=time.time(); tell("hanging server",lambda: list_layers(database.source)); print(time.time()-t)
    t=time.time(); tell("hanging server try",lambda: try_connection(Connection("s","127.0.0.1",port,"town","planner"),"topsecret")); print(time.time()-t)
    for p in [pid,*kids]: os.kill(p,signal.SIGCONT)
def test_commit_fails(database, town, tmp_path, capfd, monkeypatch):
  with capfd.disabled():
    schema=schema_of(database,"cf")
    wished=dataclasses.replace(town.settings.export,formats=("gpkg","csv"),postgis=SERVICE,schema=schema)
    project=dataclasses.replace(town,settings=dataclasses.replace(town.settings,export=wished))
    out=tmp_path/"o"; write_layers(project,out,summary={"a":1})
    before={p.name:p.read_bytes() for p in out.iterdir()}
    # a deferred constraint trigger that fails at commit
    database.run(f"CREATE FUNCTION {schema}.no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused at the end'; END $$; CREATE CONSTRAINT TRIGGER t AFTER INSERT ON {schema}.grids DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.no()")
    tell("commit fails",lambda: write_layers(project,out,summary={"a":2}))
    print({p.name for p in out.iterdir() if before.get(p.name)!=p.read_bytes()}, set(before)-{p.name for p in out.iterdir()})
