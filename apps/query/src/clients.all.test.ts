// The readers people use, against a running service: by Arrow stream and by the URL of a file. Needs python3 and what pip downloads.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { pythonWith } from '@almanac/testkit';
import { column, load, startQuery, stoneRows } from './testing.ts';

const skip =
  process.env.ALMANAC_TEST_ALL === '1' ? false : 'downloads pyarrow, polars and duckdb for Python; set ALMANAC_TEST_ALL=1 to run it';
const ROWS = 50_000;

const script = `
import io, json, sys, urllib.request
import duckdb, polars as pl, pyarrow as pa
base, rows = sys.argv[1], int(sys.argv[2])
with urllib.request.urlopen(base + '/v1/datasets/stones.arrow') as answer:
    table = pa.ipc.open_stream(answer).read_all()
assert table.num_rows == rows
types = {field.name: str(field.type) for field in table.schema}
assert types['id'] == 'int64' and types['fell'] == 'bool' and types['mass (g)'] == 'double', types
assert types['seen'] == 'timestamp[us, tz=UTC]' and types['name'] == 'string', types
table.validate(full=True)
frame = pl.read_ipc_stream(io.BytesIO(urllib.request.urlopen(base + '/v1/datasets/stones.arrow').read()))
assert frame['id'].sum() == rows * (rows - 1) // 2 and frame['id'].dtype == pl.Int64
assert duckdb.sql("select sum(id) from \\"table\\"").fetchone()[0] == rows * (rows - 1) // 2
exact = pa.ipc.open_stream(urllib.request.urlopen(base + '/v1/datasets/exact.arrow')).read_all()
assert exact['n'].to_pylist() == [9007199254740993, 9223372036854775807, None], exact
done = ['pyarrow', 'polars arrow', 'duckdb arrow']
assert pl.read_csv(base + '/v1/datasets/stones.csv').height == rows
done.append('polars csv')
assert pl.scan_csv(base + '/v1/datasets/stones.csv').select(pl.len()).collect().item() == rows
done.append('polars scan')
assert pl.scan_ndjson(base + '/v1/datasets/exact.ndjson').collect().height == 3
done.append('polars ndjson')
try:
    duckdb.sql('install httpfs; load httpfs')
except Exception as error:
    done.append('no httpfs here: ' + str(error).split('\\n')[0][:80])
else:
    assert duckdb.sql(f"select count(*), sum(id) from read_csv('{base}/v1/datasets/stones.csv')").fetchone() == (rows, rows * (rows - 1) // 2)
    done.append('duckdb csv')
print(json.dumps(done))
`;

test('pyarrow, polars and DuckDB read data sets as they are', { skip }, async (t) => {
  t.diagnostic('installing pyarrow, polars and duckdb by pip into a temporary folder');
  const python = pythonWith('pyarrow==23.0.1', 'polars==1.40.1', 'duckdb==1.5.2', 'pytz');
  if ('skip' in python) return t.skip(python.skip);
  after(() => python.end());
  const query = await startQuery(32 << 20);
  after(() => query.end());
  await load(query.redis, 'stones', stoneRows(ROWS));
  await load(query.redis, 'exact', ['{"n":9007199254740993}', '{"n":9223372036854775807}', '{"n":null}'], {
    columns: [column('n', 'integer')],
  });
  const address = await query.app.listen({ port: 0, host: '127.0.0.1' });
  const { status, output } = await python.start(['-c', script, address, String(ROWS)]);
  assert.equal(status, 0, output);
  t.diagnostic(output.trim());
});
