"""A worker of your own: takes ids from the list, as the course's worker does, and draws with matplotlib."""
import io, json, os
import matplotlib; matplotlib.use('Agg')
import matplotlib.pyplot as plt
import requests
from urllib.parse import urljoin
from hotqueue import HotQueue

API = os.environ.get('API', 'http://localhost:5000')
q = HotQueue('falls', serializer=json, host=os.environ.get('REDIS_IP', '127.0.0.1'), port=os.environ.get('REDIS_PORT', 6379), db=1)

http = requests.Session()
if token := os.environ.get('ALMANAC_WRITE_TOKEN'):   # where the public door asks for one
    http.headers['Authorization'] = f'Bearer {token}'
http.put(f'{API}/v1/processes/falls', json={
    'version': '1', 'title': 'Falls by year', 'leaseSeconds': 10,
    'inputs': {'properties': {'bins': {'type': 'integer', 'minimum': 1, 'maximum': 500}}, 'additionalProperties': False},
    'outputs': {'png': {'mediaType': 'image/png'}}}).raise_for_status()
print('waiting for jobs', flush=True)

@q.worker
def work(jid):
    started = http.post(f'{API}/v1/jobs/{jid}/start')
    if not started.ok:            # cancelled meanwhile, or another worker has it
        return
    job, url = started.json(), f'{API}/v1/jobs/{jid}'
    held = {'Worker-Token': job['token']}
    print('took', jid, flush=True)
    rows = [json.loads(line) for line in http.get(urljoin(API, job['data']['href'])).text.splitlines()]
    http.patch(f'{url}/progress', headers=held, json={'progress': 50, 'stage': 'draw'})
    plt.figure()                  # a figure of its own for each job
    plt.hist([float(row['year']) for row in rows if row.get('year')], bins=job['inputs'].get('bins', 20))
    plt.xlabel('year'); plt.ylabel('falls')
    png = io.BytesIO(); plt.savefig(png); plt.close()
    http.put(f'{url}/results/png', data=png.getvalue(), headers={**held, 'Content-Type': 'image/png'}).raise_for_status()
    http.post(f'{url}/finish', headers=held, json={'message': f'{len(rows)} falls'}).raise_for_status()

work()
