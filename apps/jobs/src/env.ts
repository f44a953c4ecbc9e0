import { jobLimits } from '@almanac/domain';
import { durabilities, LOST_AFTER_MS } from '@almanac/job-queue';
import { CourseEnv } from '@almanac/profiles';
import { RedisEnv, ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';

export const Env = Type.Interface([ServiceEnv, RedisEnv, CourseEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5003, description: 'TCP port to listen on' }),
  QUEUE_LIMIT: Type.Integer({ minimum: 1, default: 10_000, description: 'jobs that may wait; more are refused with 503 and Retry-After' }),
  JOB_DURABILITY: Type.Enum([...durabilities], {
    default: 'memory',
    description: 'how safe a job is to be before its submission is answered: memory, fsync (on disk) or replicated',
  }),
  JOB_RECORD_DAYS: Type.Number({ exclusiveMinimum: 0, default: 30, description: 'how long the records of ended jobs are kept' }),
  JOB_RECORDS_QUOTA_MB: Type.Integer({
    minimum: 1,
    default: jobLimits.recordsMB.value,
    description: 'records of all jobs together; above it the oldest ended ones are dropped, and if that is not enough submissions get 503',
  }),
  RESULTS_QUOTA_MB: Type.Integer({
    minimum: 1,
    default: 1024,
    description: 'results of all jobs together; above it the oldest are deleted before their seven days are over (410)',
  }),
  WORKER_LOST_AFTER_MS: Type.Integer({
    minimum: 200,
    default: LOST_AFTER_MS,
    description: 'silence after which a worker is taken for dead and its jobs go to another',
  }),
});
