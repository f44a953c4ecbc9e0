import { loadLimits } from '@almanac/domain';
import { CourseEnv } from '@almanac/profiles';
import { RedisEnv, ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';

export const Env = Type.Interface([ServiceEnv, RedisEnv, CourseEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5001, description: 'TCP port to listen on' }),
  MAX_BODY_BYTES: Type.Integer({
    minimum: 1,
    default: loadLimits.bodyBytes.value,
    description: 'bytes one data set may come in, as sent and as unpacked',
  }),
  STALL_SECONDS: Type.Number({
    exclusiveMinimum: 0,
    default: 30,
    description: 'how long a body may pause before its load is given up; also the time over which its least rate is measured',
  }),
  ALMANAC_SOURCES: Type.Optional(
    Type.String({ description: 'where profiles load from in place of their own addresses: iss=/data/ISS.xml,genes=https://...' }),
  ),
});
