// The limit: Fastify with nothing behind it. GET /hello, and whatever bytes were PUT at a path, from memory.
import Fastify from 'fastify';

const app = Fastify({ bodyLimit: 1 << 30 });
const kept = new Map<string, Buffer>();
app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: unknown, body: string | Buffer) => body);
app.get('/hello', async () => ({ hello: 'world' }));
app.post('/hello', async () => ({ hello: 'world' }));
app.put<{ Params: { name: string }; Body: Buffer }>('/kept/:name', async (request) => {
  kept.set(request.params.name, request.body);
  return { bytes: request.body.length };
});
app.get<{ Params: { name: string } }>('/kept/:name', (request, reply) => {
  reply.type('application/json').send(kept.get(request.params.name));
});
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
process.send?.('ready');
