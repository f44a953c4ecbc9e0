import { loadLimits } from '@almanac/domain';
import { CourseEnv } from '@almanac/profiles';
import { RedisEnv, ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';

export const Env = Type.Interface([ServiceEnv, RedisEnv, CourseEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5001, description: 'TCP port to listen on' }),
  MAX_BODY_BYTES: Type.Integer({
    minimum: 1,
    default: loadLimits.bodyBytes.value,
    description: 'maximum size of one data set in bytes, as sent and as unpacked',
  }),
  STALL_SECONDS: Type.Number({
    exclusiveMinimum: 0,
    default: 30,
    description:
      'seconds without a byte of a body after which its load is abandoned; also the time over which the minimum rate is measured',
  }),
  ALMANAC_SOURCES: Type.Optional(
    Type.String({ description: 'files or URLs that replace the sources of profiles: iss=/data/ISS.xml,genes=https://...' }),
  ),
});
