import { join } from 'node:path';
import { type Python, pythonWith, type TestRedis } from '@almanac/testkit';

const script = join(import.meta.dirname, 'course-worker.py');

/** The course's worker in Python, on packages that pip brings into a folder which is removed again. */
export class CourseWorker {
  readonly #python: Python;

  private constructor(python: Python) {
    this.#python = python;
  }

  /** Undefined where there is no Python, or pip cannot fetch hotqueue and redis; it says so. */
  static install(): CourseWorker | undefined {
    const python = pythonWith('hotqueue==0.2.8', 'redis');
    if (!('skip' in python)) return new CourseWorker(python);
    console.log(`the course's worker is not measured: ${python.skip}`);
    return undefined;
  }

  /** Jobs a second: added one after the other, and worked by one worker. */
  measure(store: TestRedis, count: number): { add: number; drain: number } {
    const { status, output } = this.#python.run([script, String(store.port), String(count)]);
    if (status !== 0) throw new Error(`the course's worker failed: ${output}`);
    return JSON.parse(output) as { add: number; drain: number };
  }

  remove(): void {
    this.#python.end();
  }
}
