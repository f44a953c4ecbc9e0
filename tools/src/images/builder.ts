import type { Outcome } from '../system/run.ts';

export interface Build {
  image: string;
  /** the folder that is sent to the builder */
  context: string;
  /** the Dockerfile */
  file: string;
  args?: Readonly<Record<string, string>>;
  /** certificate authorities for npm; a secret of the build, never in a layer */
  caFile?: string | undefined;
  /** the base is a local image that must not be pulled */
  isLocalBase?: boolean;
}

/** The arguments that every builder understands. */
export const buildArguments = ({ image, context, file, args = {}, caFile }: Build): string[] => [
  ...(caFile === undefined ? [] : ['--secret', `id=ca,src=${caFile}`]),
  ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  '-f',
  file,
  '-t',
  image,
  context,
];

/** A program that builds and pushes images. Each call returns its output. */
export interface Builder {
  name: string;
  build(build: Build, onText: (text: string) => void): Promise<Outcome>;
  has(image: string): Promise<boolean>;
  tag(image: string, name: string): Promise<Outcome>;
  /** returns the digest in the registry, or the error */
  push(image: string, isInsecure: boolean): Promise<{ digest: string } | { problem: string }>;
  /** bytes on disk, of all layers */
  unpackedBytes(image: string): Promise<number>;
  /** bytes to transfer: the compressed layers */
  compressedBytes(image: string): Promise<number>;
}
