import type { KubeConfig } from '@kubernetes/client-node';
import { Failure } from '../system/failure.ts';

/** A call of the Kubernetes API. Throws a Failure that names `what` was to be done. */
export async function ask<T>(config: KubeConfig, what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asFailure(what, error, config);
  }
}

/** What the Kubernetes API refused, as a sentence with the way out. */
export function asFailure(what: string, error: unknown, config: KubeConfig): Failure {
  const server = config.getCurrentCluster()?.server ?? 'the cluster';
  const { code, body, message } = error as { code?: number | string; body?: unknown; message?: string };
  if (code === 401) return new Failure(`${server} does not know this account (401): its token or certificate may have expired`);
  if (code === 403)
    return new Failure(
      `This account may not ${what}: ${wordsOf(body) ?? message}\nWhat a deployer needs is in infra/kubernetes/deployer-role.yaml`,
    );
  if (typeof code === 'number') return new Failure(`${server} could not ${what}: ${code} ${wordsOf(body) ?? message}`);
  return new Failure(`The cluster at ${server} cannot be reached to ${what}: ${causeOf(error)}`);
}

function wordsOf(body: unknown): string | undefined {
  try {
    const status = (typeof body === 'string' ? JSON.parse(body) : body) as { message?: string } | undefined;
    return status?.message;
  } catch {
    return undefined;
  }
}

/** fetch hides the reason one level down. */
function causeOf(error: unknown): string {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message || String(code);
}
