"""The course's program as a peer: a job is a JSON text in Redis, its id waits in a HotQueue, the worker notes the status twice.

Arguments: port of the store, number of jobs. Prints {"add": jobs/s, "drain": jobs/s}.
"""

import json
import sys
import time
import uuid

from hotqueue import HotQueue
from redis import Redis

port, count = int(sys.argv[1]), int(sys.argv[2])
store = Redis(host="127.0.0.1", port=port, db=3)
queue = HotQueue("queue", host="127.0.0.1", port=port, db=4)


def update_job_status(jid, status):
    job = json.loads(store.get(jid))
    job["status"] = status
    store.set(jid, json.dumps(job))


def add_job(start, end):
    jid = str(uuid.uuid4())
    store.set(jid, json.dumps({"id": jid, "status": "submitted", "start": start, "end": end}))
    queue.put(jid)
    return jid


started = time.perf_counter()
jobs = [add_job("2001", "2011") for _ in range(count)]
added = time.perf_counter()
left = count
for jid in queue.consume():
    update_job_status(jid, "in progress")
    update_job_status(jid, "complete")
    left -= 1
    if left == 0:
        break
ended = time.perf_counter()

assert len(queue) == 0 and all(json.loads(store.get(jid))["status"] == "complete" for jid in jobs)
store.flushdb()
print(json.dumps({"add": count / (added - started), "drain": count / (ended - added)}))
