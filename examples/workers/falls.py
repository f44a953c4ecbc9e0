"""A worker as the course teaches it: takes job ids from a Redis list and draws with matplotlib.

pip install hotqueue==0.2.8 redis requests matplotlib
"""
import io
import json
import os
from urllib.parse import urljoin

import matplotlib
matplotlib.use('Agg')
import matplotlib.pyplot as plt
import requests
from hotqueue import HotQueue

API = os.environ.get('API', 'http://localhost:5000')
q = HotQueue('falls', serializer=json, host=os.environ.get('REDIS_IP', '127.0.0.1'), port=os.environ.get('REDIS_PORT', 6379), db=1)

http = requests.Session()
if token := os.environ.get('ALMANAC_WRITE_TOKEN'):
    http.headers['Authorization'] = f'Bearer {token}'
http.put(f'{API}/v1/processes/falls', json={
    'version': '1', 'title': 'Falls by year', 'leaseSeconds': 10,
    'inputs': {'properties': {'bins': {'type': 'integer', 'minimum': 1, 'maximum': 500}}, 'additionalProperties': False},
    'outputs': {'png': {'mediaType': 'image/png'}}}).raise_for_status()
print('waiting for jobs', flush=True)


def draw(rows, bins):
    plt.figure()
    plt.hist([float(row['year']) for row in rows if row.get('year')], bins=bins)
    plt.xlabel('year')
    plt.ylabel('falls')
    png = io.BytesIO()
    plt.savefig(png)
    plt.close()
    return png.getvalue()


@q.worker
def work(jid):
    url = f'{API}/v1/jobs/{jid}'
    started = http.post(f'{url}/start')
    if not started.ok:  # the job was cancelled, or another worker started it
        return
    job = started.json()
    headers = {'Worker-Token': job['token']}
    print('took', jid, flush=True)
    records = http.get(urljoin(API, job['data']['href']))
    records.raise_for_status()
    rows = [json.loads(line) for line in records.text.splitlines()]
    http.patch(f'{url}/progress', headers=headers, json={'progress': 50, 'stage': 'draw'}).raise_for_status()
    png = draw(rows, job['inputs'].get('bins', 20))
    http.put(f'{url}/results/png', data=png, headers={**headers, 'Content-Type': 'image/png'}).raise_for_status()
    http.post(f'{url}/finish', headers=headers, json={'message': f'{len(rows)} falls'}).raise_for_status()


work()
