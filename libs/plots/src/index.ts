export * from './choose-plot.ts';
export * from './columns-of.ts';
export * from './figure.ts';
export * from './params.ts';
export * from './picture.ts';
export * from './plot-type.ts';
export * from './registry.ts';
