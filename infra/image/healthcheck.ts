// The health check of the image for compose: exits with 0 if the service responds on /livez. Kubernetes probes /livez directly.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/livez`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
process.exitCode = answer?.ok === true ? 0 : 1;
