import type { KubeConfig } from '@kubernetes/client-node';
import { Failure } from '../system/failure.ts';

/** Calls the Kubernetes API. Throws a Failure that names the operation `what`. */
export async function ask<T>(config: KubeConfig, what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw asFailure(what, error, config);
  }
}

/** Turns an error of the Kubernetes API into a Failure with the fix. */
export function asFailure(what: string, error: unknown, config: KubeConfig): Failure {
  const server = config.getCurrentCluster()?.server ?? 'the cluster';
  const { code, body, message } = error as { code?: number | string; body?: unknown; message?: string };
  if (code === 401) return new Failure(`${server} rejected the credentials (401): the token or certificate may have expired`);
  if (code === 403)
    return new Failure(
      `This account is not permitted to ${what}: ${messageIn(body) ?? message}\nThe permissions of a deployer are in infra/kubernetes/deployer-role.yaml`,
    );
  if (typeof code === 'number') return new Failure(`${server} failed to ${what}: ${code} ${messageIn(body) ?? message}`);
  return new Failure(`The cluster at ${server} is unreachable, failed to ${what}: ${causeOf(error)}`);
}

function messageIn(body: unknown): string | undefined {
  try {
    const status = (typeof body === 'string' ? JSON.parse(body) : body) as { message?: string } | undefined;
    return status?.message;
  } catch {
    return undefined;
  }
}

/** fetch puts the reason into `cause`. */
function causeOf(error: unknown): string {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: { message?: string; code?: string } };
  return cause?.message || cause?.code || message || String(code);
}
