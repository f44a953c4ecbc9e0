import { plotLimits } from '@almanac/domain';
import { LOST_AFTER_MS } from '@almanac/job-queue';
import { RedisEnv, ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';

export const Env = Type.Interface([ServiceEnv, RedisEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5004, description: 'TCP port to listen on' }),
  ALMANAC_QUERY_URL: Type.String({ default: 'http://127.0.0.1:5002', description: 'address of query: http://host:port or unix:<path>' }),
  WORKER_LOST_AFTER_MS: Type.Integer({
    minimum: 200,
    default: LOST_AFTER_MS,
    description: 'milliseconds without a heartbeat after which a worker is declared dead and its jobs go to another',
  }),
  RENDER_CHILDREN: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 64,
      description: `number of drawing processes (default: one for each processor, at most (memory - ${plotLimits.rendererMb.value} MB) / ${plotLimits.drawingMb.value} MB)`,
    }),
  ),
  RENDER_CHILD_MB: Type.Optional(
    Type.Integer({
      minimum: 200,
      description:
        'memory of one drawing process in MB; a process that takes more is killed (default: its share of the memory, at most 2,048)',
    }),
  ),
  RENDER_DEADLINE_MS: Type.Integer({ minimum: 100, default: 60_000, description: 'time limit of one drawing in milliseconds' }),
  RENDER_HEAP_MB: Type.Integer({
    minimum: 64,
    default: 256,
    description: 'heap of one drawing process in MB; rows and pixels are outside it',
  }),
});
