"""What the course's clients do, as a test: pip install requests pytest; pytest test_client.py

It runs against `./almanac up` with its samples, and needs no internet connection. BASE sets another address.
"""

import math
import os
import time

import pytest
import requests

BASE = os.environ.get('BASE', 'http://localhost:5000')

LANDINGS = [
    {'name': 'Ruiz', 'id': '10001', 'recclass': 'L5', 'mass (g)': '21', 'reclat': '50.775', 'reclong': '6.08333'},
    {'name': 'Beeler', 'id': '10002', 'recclass': 'H6', 'mass (g)': '720', 'reclat': '56.18333', 'reclong': '10.23333'},
    {'name': 'Brock', 'id': '10003', 'recclass': 'EH4', 'mass (g)': '107000', 'reclat': '54.21667', 'reclong': '-113'},
    {'name': 'Hillary', 'id': '10004', 'recclass': 'L6', 'mass (g)': '1914', 'reclat': '-33.16667', 'reclong': '-64.95'},
]

GENES = [
    {'hgnc_id': 'HGNC:5', 'symbol': 'A1BG', 'locus_group': 'protein-coding gene', 'date_approved_reserved': '1989-06-30'},
    {'hgnc_id': 'HGNC:37133', 'symbol': 'A1BG-AS1', 'locus_group': 'non-coding RNA', 'date_approved_reserved': '2009-07-20'},
    {'hgnc_id': 'HGNC:24086', 'symbol': 'A1CF', 'locus_group': 'protein-coding gene', 'date_approved_reserved': '2007-11-23'},
]


@pytest.fixture(scope='module', autouse=True)
def as_it_was():
    """Restores the records that the tests replace."""
    paths = ['/data', '/data?dataset=genes', '/data?dataset=mars']
    before = [requests.get(BASE + path).json() for path in paths]
    yield
    for path, records in zip(paths, before):
        if records:
            requests.post(BASE + path, json=records)
        else:
            requests.delete(BASE + path)


@pytest.fixture
def landings():
    response = requests.post(f'{BASE}/data', json={'meteorite_landings': LANDINGS})
    assert response.status_code == 200
    return LANDINGS


@pytest.fixture
def genes():
    response = requests.post(f'{BASE}/data?dataset=genes', json={'response': {'docs': GENES}})
    assert response.status_code == 200
    return GENES


def is_error(response, status_code):
    body = response.json()
    assert response.status_code == status_code
    assert body['status'] == 'Error'
    assert body['message'] == body['error'] != ''
    return True


def poll(job_id):
    for _ in range(240):
        job = requests.get(f'{BASE}/jobs/{job_id}').json()
        if job['status'] not in ('submitted', 'in progress'):
            return job
        time.sleep(0.25)
    pytest.fail(f'job {job_id} did not end within a minute')


def is_png(content):
    return content.startswith(b'\x89PNG\r\n\x1a\n')


# Help, and unknown paths


def test_help():
    response = requests.get(f'{BASE}/help')
    assert response.status_code == 200
    assert response.headers['Content-Type'].startswith('text/plain')
    for route in ('/data', '/epochs', '/genes', '/jobs', '/download'):
        assert route in response.text
    assert 'GET /epochs' in requests.get(f'{BASE}/help', headers={'Accept': 'application/json'}).json()


def test_hello():
    assert requests.get(f'{BASE}/hello').text == 'Hello, world!\n'
    assert requests.get(f'{BASE}/hello/Ada').text == 'Hello, Ada!\n'


def test_wrong_path_and_method():
    assert is_error(requests.get(f'{BASE}/epoch'), 404)
    assert is_error(requests.get(f'{BASE}/delete-data'), 405)
    assert is_error(requests.post(f'{BASE}/epochs'), 405)


# Data: meteorites


def test_post_and_get_data(landings):
    response = requests.get(f'{BASE}/data')
    assert response.status_code == 200
    assert response.headers['Content-Type'] == 'application/json'
    assert response.json() == landings
    assert requests.post(f'{BASE}/data', json=landings).text == 'Data loaded\n'
    assert requests.get(f'{BASE}/data').json() == landings


def test_post_data_from_the_source(landings):
    response = requests.post(f'{BASE}/data')
    if response.status_code == 200:
        assert response.text == 'Data loaded\n'
        assert len(requests.get(f'{BASE}/data').json()) > 0
    else:  # without a network; what was there stays
        assert is_error(response, 502)
        assert requests.get(f'{BASE}/data').json() == landings


def test_get_part_of_data(landings):
    assert requests.get(f'{BASE}/data?start=3').json() == landings[3:]
    assert requests.get(f'{BASE}/data?limit=2&offset=1').json() == landings[1:3]
    assert requests.get(f'{BASE}/data?limit=0').json() == []
    assert requests.get(f'{BASE}/data?offset=100').json() == []
    assert requests.get(f'{BASE}/data?search=ruiz').json() == landings[:1]
    assert requests.get(f'{BASE}/data?shape=dict').json() == {landing['id']: landing for landing in landings}
    assert requests.get(f'{BASE}/data/10002').json() == landings[1]
    assert requests.get(f'{BASE}/get-keys').json() == [landing['id'] for landing in landings]


@pytest.mark.parametrize('query', ['limit=abc', 'limit=-1', 'offset=1.5', 'start=x', 'shape=square'])
def test_bad_parameters(landings, query):
    assert is_error(requests.get(f'{BASE}/data?{query}'), 400)


def test_unknown_record(landings):
    assert is_error(requests.get(f'{BASE}/data/nothing'), 404)


def test_data_that_cannot_be_read(landings):
    assert is_error(requests.post(f'{BASE}/data', data='{"meteorite_landings": ['), 400)
    assert requests.get(f'{BASE}/data').json() == landings


def test_meteorites(landings):
    average = requests.get(f'{BASE}/meteorites/average', params={'column': 'mass (g)'}).json()
    assert average['average'] == pytest.approx(sum(float(landing['mass (g)']) for landing in landings) / len(landings))
    assert requests.get(f'{BASE}/meteorites/hemispheres').json() == {
        'Northern & Eastern': 2,
        'Northern & Western': 1,
        'Southern & Eastern': 0,
        'Southern & Western': 1,
    }
    assert requests.get(f'{BASE}/meteorites/classes').json() == {'L5': 1, 'H6': 1, 'EH4': 1, 'L6': 1}


def test_delete_data(landings):
    for _ in range(2):
        response = requests.delete(f'{BASE}/data')
        assert response.status_code == 200
        assert response.text == 'Data deleted\n'
    assert requests.get(f'{BASE}/data').json() == []
    assert requests.get(f'{BASE}/data?shape=dict').json() == {}
    assert is_error(requests.get(f'{BASE}/data/10001'), 404)
    assert is_error(requests.post(f'{BASE}/jobs', json={}), 400)


# The ISS tracker


@pytest.fixture(scope='module')
def epochs():
    return requests.get(f'{BASE}/epochs').json()


def test_epochs(epochs):
    assert len(epochs) > 1000
    assert all(isinstance(epoch, str) for epoch in epochs)
    assert requests.get(f'{BASE}/epochs?limit=20&offset=50').json() == epochs[50:70]
    assert requests.get(f'{BASE}/epochs', params={'limit': 10**9}).json() == epochs
    assert requests.get(f'{BASE}/epochs?limit=0').json() == []


def test_epochs_as_objects(epochs):
    states = requests.get(f'{BASE}/epochs?shape=objects&limit=2').json()
    assert [state['EPOCH'] for state in states] == epochs[:2]
    assert requests.get(f'{BASE}/epochs/{epochs[0]}').json() == states[0]


def test_epoch(epochs):
    response = requests.get(f'{BASE}/epochs/{epochs[0]}')
    state = response.json()
    assert response.status_code == 200
    assert state['EPOCH'] == epochs[0]
    assert state['X']['@units'] == 'km'
    assert state['X_DOT']['@units'] == 'km/s'
    assert isinstance(float(state['Z']['#text']), float)


def test_speed(epochs):
    state = requests.get(f'{BASE}/epochs/{epochs[7]}').json()
    answer = requests.get(f'{BASE}/epochs/{epochs[7]}/speed').json()
    speed = math.sqrt(sum(float(state[name]['#text']) ** 2 for name in ('X_DOT', 'Y_DOT', 'Z_DOT')))
    assert answer['speed'] == pytest.approx(speed, rel=1e-12)
    assert answer['units'] == 'km/s'


def test_location(epochs):
    location = requests.get(f'{BASE}/epochs/{epochs[0]}/location').json()
    assert -52 < location['latitude'] < 52
    assert -180 < location['longitude'] <= 180
    assert 350 < location['altitude']['value'] < 500
    assert location['altitude']['units'] == 'km'
    assert isinstance(location['geoposition'], str)
    assert isinstance(location['geo'], dict)
    assert isinstance(requests.get(f'{BASE}/epochs/{epochs[0]}/location?shape=flat').json()['altitude'], float)


def test_now(epochs):
    now = requests.get(f'{BASE}/now').json()
    assert {'closest_epoch', 'seconds_from_now', 'location', 'geo', 'speed'} <= set(now)
    assert now['closest_epoch'] in epochs
    assert now['speed']['units'] == 'km/s'
    then = requests.get(f'{BASE}/now', params={'now': epochs[100]}).json()
    assert then['closest_epoch'] == epochs[100]
    assert then['seconds_from_now'] == 0


def test_about_the_file():
    assert 'ORIGINATOR' in requests.get(f'{BASE}/header').json()
    assert requests.get(f'{BASE}/metadata').json()['CENTER_NAME'] == 'EARTH'
    assert all(isinstance(line, str) for line in requests.get(f'{BASE}/comment').json())


@pytest.mark.parametrize('path', ['', '/speed', '/location'])
def test_unknown_epoch(path):
    response = requests.get(f'{BASE}/epochs/1998-324T06:40:00.000Z{path}')
    assert is_error(response, 404)
    assert 'Epoch not found' in response.json()['error']
    assert is_error(requests.get(f'{BASE}/epochs/xyz{path}'), 404)


@pytest.mark.parametrize('query', ['limit=abc', 'offset=-5', 'limit=1.5'])
def test_bad_limit_and_offset(query):
    response = requests.get(f'{BASE}/epochs?{query}')
    assert is_error(response, 400)
    assert 'limit and offset must be non-negative integers' in response.json()['message']


# Degrees, turbidity, Mars


def test_degrees():
    assert len(requests.get(f'{BASE}/degrees').json()) == 5
    assert [year['year'] for year in requests.get(f'{BASE}/degrees?start=1993').json()] == [1993, 1994]
    assert requests.get(f'{BASE}/degrees/2').json() == {'id': 2, 'year': 1992, 'degrees': 6005}
    assert requests.get(f'{BASE}/degrees/2/degrees').json() == 6005
    wrong = requests.get(f'{BASE}/degrees?start=abc')
    assert wrong.status_code == 400
    assert wrong.text == 'Invalid start parameter; start must be an integer.'
    assert is_error(requests.get(f'{BASE}/degrees/99'), 404)
    assert is_error(requests.get(f'{BASE}/degrees/A'), 404)


def test_turbidity():
    lines = requests.get(f'{BASE}/turbidity?f=text').text.splitlines()
    assert lines[0].startswith('Average turbidity based on most recent five measurements = ')
    assert len(lines) == 3
    answer = requests.get(f'{BASE}/turbidity').json()
    assert answer['safe'] == (answer['minimum_time'] == 0)
    assert len(requests.get(f'{BASE}/turbidity/history').json()) > 0


def test_mars():
    made = requests.post(f'{BASE}/mars/sites', json={'seed': 7, 'n': 5}).json()
    assert requests.get(f'{BASE}/mars/sites').json() == made
    assert {'site_id', 'latitude', 'longitude', 'composition'} == set(made['sites'][0])
    trip = requests.get(f'{BASE}/mars/trip').json()
    hours = sum(leg['time_to_travel'] + leg['time_to_sample'] for leg in trip['legs'])
    assert trip['number_of_legs'] == 5
    assert trip['total_time_elapsed'] == pytest.approx(hours)
    assert requests.get(f'{BASE}/mars/trip?f=text').text.startswith('leg = 1, time to travel = ')


# Genes


def test_genes(genes):
    assert requests.get(f'{BASE}/genes').json() == [gene['hgnc_id'] for gene in genes]
    assert requests.get(f'{BASE}/genes/HGNC:37133').json() == genes[1]
    assert is_error(requests.get(f'{BASE}/genes/HGNC:0'), 404)
    assert is_error(requests.get(f'{BASE}/genes/nonsense'), 404)


def test_image(genes):
    where = f'{BASE}/image?dataset=genes'
    requests.delete(where)
    assert is_error(requests.get(where), 404)
    assert requests.post(where).status_code == 200
    image = requests.get(where)
    assert image.headers['Content-Type'] == 'image/png'
    assert is_png(image.content)
    for _ in range(2):
        assert requests.delete(where).status_code == 200
    assert is_error(requests.get(where), 404)


def test_no_genes():
    requests.delete(f'{BASE}/data?dataset=genes')
    assert requests.get(f'{BASE}/genes').json() == []
    assert is_error(requests.get(f'{BASE}/genes/HGNC:5'), 404)
    assert is_error(requests.post(f'{BASE}/image?dataset=genes'), 400)


# Jobs


def test_job(landings):
    asked = {'plot_type': 'histogram', 'column': 'mass (g)', 'note': 'mine', 'job parameters': {'a': [1, None]}}
    response = requests.post(f'{BASE}/jobs', json=asked)
    job = response.json()
    assert response.status_code == 200
    assert job == {'id': job['id'], 'status': 'submitted', **asked}
    assert poll(job['id'])['status'] == 'complete'
    results = requests.get(f'{BASE}/results/{job["id"]}').json()
    assert requests.get(f'{BASE}/jobs/{job["id"]}/results').json() == results
    assert results['statistics']['mass (g)']['count'] == len(landings)
    picture = requests.get(f'{BASE}/download/{job["id"]}')
    assert picture.headers['Content-Type'] == 'image/png'
    assert picture.headers['Content-Disposition'] == f'attachment; filename="{job["id"]}.png"'
    assert is_png(picture.content)


def test_job_between_two_years():
    job = requests.post(f'{BASE}/jobs?dataset=degrees', data='{"start": "1991", "end": "1993"}').json()
    assert (job['start'], job['end']) == ('1991', '1993')
    assert poll(job['id'])['status'] == 'complete'
    assert requests.get(f'{BASE}/results/{job["id"]}').json()['statistics']['degrees']['count'] == 3


def test_jobs(landings):
    first, second = (requests.post(f'{BASE}/jobs', json={}).json()['id'] for _ in range(2))
    assert first != second
    assert {first, second} <= set(requests.get(f'{BASE}/jobs').json())
    assert requests.get(f'{BASE}/jobs?shape=ids').json()[-2:] == [first, second]
    sentence = requests.post(f'{BASE}/submit', json={}).text
    assert sentence.startswith('Job ') and sentence.endswith(' successfully submitted\n')
    assert poll(second)['status'] == 'complete'


@pytest.mark.parametrize(
    'body',
    ['{"start":', 'start=2001&end=2021', '[]', '{"start": "2021", "end": "2001"}', '{"plot_type": "histogram", "column": "weight"}'],
)
def test_job_that_is_refused(body):
    assert is_error(requests.post(f'{BASE}/jobs?dataset=degrees', data=body), 400)


@pytest.mark.parametrize('path', ['/jobs/{}', '/jobs/{}/results', '/results/{}', '/download/{}'])
def test_unknown_job(path):
    for job_id in ('8e03978e-40d5-43e8-bc93-6894a57f9324', 'nonsense'):
        assert is_error(requests.get(BASE + path.format(job_id)), 404)
