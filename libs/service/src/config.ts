import { type Static, type TObject, Type } from 'typebox';
import { Value } from 'typebox/value';

/** The environment variables of every service. The name of a time ends with its unit. */
export const ServiceEnv = Type.Object({
  HOST: Type.String({
    default: '::',
    description: 'address to listen on; :: means all addresses, IPv4 and IPv6 (IPv4 only on a machine without IPv6)',
  }),
  PORT: Type.Integer({ minimum: 0, maximum: 65535, description: 'TCP port to listen on' }),
  SOCKET: Type.Optional(
    Type.String({
      description:
        'path of a Unix socket to listen on as well; behind the gateway, PORT then serves only probes, metrics and /openapi.json',
    }),
  ),
  API_ON_TCP: Type.Boolean({
    default: false,
    description: 'serve the API on PORT although SOCKET is set, without the checks of the gateway; for benchmarks',
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'minimum log level',
  }),
  LOG_FORMAT: Type.Enum(['json', 'text'], {
    default: 'json',
    description: 'log format; text is the format of the course: [time host] file:function:line - LEVEL: message',
  }),
  CONFIG_FILE: Type.Optional(
    Type.String({ description: 'path of the config.yaml of the course; debug: true in it sets the log level debug' }),
  ),
  DRAIN_SECONDS: Type.Number({
    default: 3,
    minimum: 0,
    description: 'seconds that a stopping service keeps serving, so that its callers see Connection: close',
  }),
});

/** The address of the store and the TLS settings: one address for all three roles, or one for each. */
export const RedisEnv = Type.Object({
  REDIS_URL: Type.Optional(
    Type.String({ description: 'redis://[user:password@]host[:port], rediss:// or unix:<path>; databases 0, 1, 2 are used' }),
  ),
  REDIS_IP: Type.Optional(Type.String({ description: 'host of the store if REDIS_URL is not set; port 6379' })),
  REDIS_DATA_URL: Type.Optional(Type.String({ description: 'address for data sets (default: REDIS_URL, database 0)' })),
  REDIS_QUEUE_URL: Type.Optional(Type.String({ description: 'address for the queue and job records (default: REDIS_URL, database 1)' })),
  REDIS_RESULTS_URL: Type.Optional(Type.String({ description: 'address for results (default: REDIS_URL, database 2)' })),
  REDIS_TLS_CA: Type.Optional(
    Type.String({ description: 'for rediss://: path of a PEM file with the certificate authorities (default: those of Node.js)' }),
  ),
  REDIS_TLS_CERT: Type.Optional(
    Type.String({ description: 'for rediss://: path of the PEM file of the client certificate, if the store requires one' }),
  ),
  REDIS_TLS_KEY: Type.Optional(Type.String({ description: 'for rediss://: path of the PEM file of the key of the client certificate' })),
  REDIS_TLS_SERVER_NAME: Type.Optional(
    Type.String({ description: 'for rediss://: name in the certificate of the store, if it differs from the host of the address' }),
  ),
});
export type RedisEnv = Static<typeof RedisEnv>;

/** An invalid configuration. The message lists all problems, so that an operator can fix them together. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'ConfigError';
  }
}

/**
 * Reads the settings of a schema from the environment: fills in defaults, converts numbers, drops unknown variables. An empty variable
 * counts as not set. Throws ConfigError with every problem.
 */
export function readConfig<T extends TObject>(schema: T, env: NodeJS.ProcessEnv = process.env): Readonly<Static<T>> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const value = Value.Clean(schema, Value.Convert(schema, Value.Default(schema, present))) as Record<string, unknown>;
  const problems = [...Value.Errors(schema, value)].map((error) => describe(schema, value, error));
  if (problems.length > 0) throw new ConfigError([...new Set(problems)]);
  return Object.freeze(value) as Readonly<Static<T>>;
}

interface SchemaError {
  instancePath: string;
  message: string;
  params: object;
}

function describe(schema: TObject, value: Record<string, unknown>, error: SchemaError): string {
  const missing = (error.params as { requiredProperties?: string[] }).requiredProperties;
  if (missing !== undefined) return missing.map((name) => `${name} is not set: ${aboutVariable(schema, name)}`).join('\n  - ');
  const name = error.instancePath.slice(1).split('/')[0] as string;
  const { writeOnly } = (schema.properties as Record<string, { writeOnly?: boolean }>)[name] ?? {};
  // A writeOnly value is a secret and must not be logged.
  return `${name}='${writeOnly === true ? '...' : String(value[name])}' ${error.message}: ${aboutVariable(schema, name)}`;
}

const aboutVariable = (schema: TObject, name: string): string => {
  const property = (schema.properties as Record<string, { description?: string; enum?: string[] }>)[name];
  return `${property?.description ?? 'see the README'}${property?.enum === undefined ? '' : ` (one of ${property.enum.join(', ')})`}`;
};
