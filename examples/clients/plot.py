"""A client in Python without a package: loads a file, queries it, draws a plot and saves it. Usage: plot.py FILE [PICTURE]"""
import json
import os
import sys
import time
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

API = os.environ.get('API', 'http://localhost:5000')
TOKEN = os.environ.get('ALMANAC_WRITE_TOKEN')


def call(method, path, body=None, media_type='application/json'):
    """Returns the bytes of the response. An error response is JSON whose `detail` says what to change."""
    headers = {'Authorization': f'Bearer {TOKEN}'} if TOKEN else {}
    if body is not None:
        headers['Content-Type'] = media_type
    try:
        with urlopen(Request(urljoin(API, path), data=body, headers=headers, method=method)) as response:
            return response.read()
    except HTTPError as error:
        sys.exit(f"{method} {path}: {json.loads(error.read())['detail']}")


def wait_for(job):
    """Follows a job to its end and returns it."""
    while job['status'] not in ('complete', 'failed', 'cancelled'):
        time.sleep(0.2)
        job = json.loads(call('GET', f"/v1/jobs/{job['id']}"))
    if job['status'] != 'complete':
        sys.exit(f"the job ended as {job['status']}: {job.get('problem', {}).get('detail', '')}")
    return job


def main(file, picture='plot.png'):
    with open(file, 'rb') as data:
        call('PUT', '/v1/datasets/landings', data.read(), 'text/csv')

    query = urlencode({'mass (g)[gte]': 1000, 'fields': 'name,mass (g)'})
    page = json.loads(call('GET', f'/v1/datasets/landings/records?{query}'))
    for record in page['items']:
        print(record['name'], record['mass (g)'])

    request = {'process': 'plot', 'inputs': {'dataset': 'landings', 'type': 'histogram', 'x': 'year'}, 'outputs': ['png']}
    job = wait_for(json.loads(call('POST', '/v1/jobs', json.dumps(request).encode())))
    with open(picture, 'wb') as output:
        output.write(call('GET', job['results']['png']['href']))
    print('saved', picture)


main(*sys.argv[1:])
