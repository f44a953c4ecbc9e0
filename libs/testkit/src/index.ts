export * from './certificates.ts';
export * from './free-port.ts';
export * from './golden.ts';
export * from './python.ts';
export * from './random.ts';
export * from './redis-for-tests.ts';
export * from './shared-data.ts';
