// Clients that are generated from /openapi.json: types for TypeScript, and a Python client that uploads a file and fetches a picture.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { pythonWith } from '@almanac/testkit';
import { Client } from '../client.ts';
import { Stack, ownTest as test } from '../stack.ts';

const run = promisify(execFile);
const skip = process.env.ALMANAC_TEST_ALL === '1' ? false : 'downloads client generators; set ALMANAC_TEST_ALL=1 to run it';
const folder = mkdtempSync(join(tmpdir(), 'almanac-clients-'));
const document = join(folder, 'openapi.json');
const stack = new Stack();

before(async () => {
  if (skip !== false) return;
  await stack.start();
  writeFileSync(document, (await new Client(stack.url).get('/openapi.json')).text);
});
after(async () => {
  if (skip === false) await stack.end();
  rmSync(folder, { recursive: true, force: true });
});

test('openapi-typescript generates types for every route, and they compile', { skip, timeout: 200_000 }, async (t) => {
  t.diagnostic('installing openapi-typescript by npm into a temporary folder');
  const npm = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  await run('npm', [...npm, 'openapi-typescript@7.13.0', 'typescript@5.9.3']);
  const bin = (name: string) => join(folder, 'node_modules/.bin', name);
  await run(bin('openapi-typescript'), [document, '-o', join(folder, 'api.ts')]);
  const { json } = await new Client(stack.url).get('/openapi.json');
  const operations = Object.entries(json.paths as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => ({ path, method })),
  );
  assert.ok(operations.length > 60, `${operations.length} operations`);
  const uses = operations.map(({ path, method }, i) => `export type Use${i} = paths[${JSON.stringify(path)}]['${method}']['responses'];`);
  writeFileSync(join(folder, 'use.ts'), `import type { paths } from './api.ts';\n${uses.join('\n')}\n`);
  const options = ['--noEmit', '--strict', '--allowImportingTsExtensions', '--module', 'nodenext', '--target', 'es2022'];
  await run(bin('tsc'), [...options, join(folder, 'use.ts')]);
});

/** Arguments: the address of Almanac, the folder of the generated client. Prints the first bytes of the picture in hex. */
const program = `
import sys
from io import BytesIO
sys.path.insert(0, sys.argv[2])
from client import Client
from client.api.data import get_record, put_dataset
from client.api.jobs import get_job, get_result, submit_job
from client.models import SubmitJobBody
from client.types import File

client = Client(base_url=sys.argv[1], timeout=60, raise_on_unexpected_status=True)
csv = b"year,mass\\n" + b"".join(b"%d,%d\\n" % (1990 + i, i * i) for i in range(20))
loaded = put_dataset.sync("generated", client=client, body=File(payload=BytesIO(csv)))
assert loaded.rows == 20, loaded

record = get_record.sync("generated", "1993", client=client)
assert record.to_dict()["mass"] == 9, record

inputs = {"dataset": "generated", "type": "histogram", "x": "mass"}
body = SubmitJobBody.from_dict({"process": "plot", "inputs": inputs, "outputs": ["png"]})
job = submit_job.sync(client=client, body=body, prefer="wait=30")
for _ in range(30):
    if job.status == "complete":
        break
    assert job.status in ("submitted", "in progress"), job
    job = submit_job.sync(client=client, body=body, prefer="wait=2")
assert get_job.sync(job.id, client=client).status == "complete"

picture = get_result.sync(job.id, "png", client=client).payload.read()
assert len(picture) > 1000, len(picture)
print(picture[:8].hex())

missing = put_dataset.sync("generated", client=client, body=File(payload=BytesIO(b"")))
assert missing.status == 400 and missing.detail, missing
`;

test('openapi-python-client generates a client that uploads a file and fetches a picture', { skip, timeout: 250_000 }, async (t) => {
  t.diagnostic('installing openapi-python-client by pip into a temporary folder');
  const python = pythonWith('openapi-python-client==0.29.1');
  if ('skip' in python) return t.skip(python.skip);
  after(() => python.end());
  const made = await python.start(
    ['-m', 'openapi_python_client', 'generate', '--path', document, '--output-path', join(folder, 'client'), '--meta', 'none'],
    // It formats the client with ruff, which is in the same folder.
    folder,
  );
  assert.equal(made.status, 0, made.output);
  writeFileSync(join(folder, 'use.py'), program);
  const used = await python.start([join(folder, 'use.py'), stack.url, folder]);
  assert.equal(used.status, 0, used.output);
  assert.equal(used.output.trim(), '89504e470d0a1a0a', 'the signature of PNG');
});
