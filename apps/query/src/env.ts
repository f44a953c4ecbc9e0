import { readLimits } from '@almanac/domain';
import { CourseEnv } from '@almanac/profiles';
import { RedisEnv, ServiceEnv } from '@almanac/service';
import { Type } from 'typebox';

export const Env = Type.Interface([ServiceEnv, RedisEnv, CourseEnv], {
  PORT: Type.Integer({ minimum: 0, maximum: 65535, default: 5002, description: 'TCP port to listen on' }),
  READ_CACHE_MB: Type.Number({
    minimum: 1,
    default: readLimits.memoryMb.value,
    description: 'memory for all that reads keep: compressed data sets, decoded rows, typed columns; one larger data set comes on top',
  }),
  SEA_POLYGONS: Type.Optional(
    Type.String({ description: 'path of a GeoJSON file of seas and oceans, so that places over water have a name (docs/course/iss.md)' }),
  ),
});
