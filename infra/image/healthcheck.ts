// Whether the service of this image is alive: what compose asks. Kubernetes asks /livez itself.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/livez`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
process.exitCode = answer?.ok === true ? 0 : 1;
