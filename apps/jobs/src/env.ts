import { jobLimits } from '@almanac/domain';
import { durabilities, LOST_AFTER_MS } from '@almanac/job-queue';
import { CourseEnv } from '@almanac/profiles';
import { RedisEnv, ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';

export const Env = Type.Interface([ServiceEnv, RedisEnv, CourseEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5003, description: 'TCP port to listen on' }),
  QUEUE_LIMIT: Type.Integer({
    minimum: 1,
    default: 10_000,
    description: 'maximum number of waiting jobs; further submissions get 503 with Retry-After',
  }),
  JOB_DURABILITY: Type.Enum([...durabilities], {
    default: 'memory',
    description: 'durability of a job before its submission is confirmed: memory, fsync (on disk) or replicated',
  }),
  JOB_RECORD_DAYS: Type.Number({ exclusiveMinimum: 0, default: 30, description: 'days for which the records of ended jobs are kept' }),
  JOB_RECORDS_QUOTA_MB: Type.Integer({
    minimum: 1,
    default: jobLimits.recordsMB.value,
    description:
      'quota for the records of all jobs, in MB; above it the oldest ended ones are deleted, and if that is not enough submissions get 503',
  }),
  RESULTS_QUOTA_MB: Type.Integer({
    minimum: 1,
    default: 1024,
    description: 'quota for the results of all jobs, in MB; above it the oldest are deleted before their seven days are over (410)',
  }),
  WORKER_LOST_AFTER_MS: Type.Integer({
    minimum: 200,
    default: LOST_AFTER_MS,
    description: 'milliseconds without a heartbeat after which a worker is declared dead and its jobs go to another',
  }),
});
