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
  /** the base is an image made here: no registry is asked for it */
  isLocalBase?: boolean;
}

/** What every builder is told of a build, in the same words. */
export const buildArguments = ({ image, context, file, args = {}, caFile }: Build): string[] => [
  ...(caFile === undefined ? [] : ['--secret', `id=ca,src=${caFile}`]),
  ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  '-f',
  file,
  '-t',
  image,
  context,
];

/** What makes and sends images. Every call ends with what the program said. */
export interface Builder {
  name: string;
  build(build: Build, onText: (text: string) => void): Promise<Outcome>;
  has(image: string): Promise<boolean>;
  tag(image: string, name: string): Promise<Outcome>;
  /** the digest under which the registry keeps it, or what went wrong */
  push(image: string, isInsecure: boolean): Promise<{ digest: string } | { problem: string }>;
  /** bytes on disk, every layer counted */
  unpackedBytes(image: string): Promise<number>;
  /** bytes that travel: the layers as a registry keeps them */
  compressedBytes(image: string): Promise<number>;
}
