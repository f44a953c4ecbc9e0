import { readLimits } from '@almanac/domain';
import { CourseEnv } from '@almanac/profiles';
import { RedisEnv, ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';

export const Env = Type.Interface([ServiceEnv, RedisEnv, CourseEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5002, description: 'TCP port to listen on' }),
  READ_CACHE_MB: Type.Number({
    minimum: 1,
    default: readLimits.memoryMb.value,
    description:
      'memory in MB for data kept for reads: compressed data sets, decoded rows, typed columns; one larger data set may be kept in addition',
  }),
  SEA_POLYGONS: Type.Optional(
    Type.String({ description: 'path of a GeoJSON file of seas and oceans, which gives places over water a name (docs/course/iss.md)' }),
  ),
});
