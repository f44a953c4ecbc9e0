// Loaded into a process under test (--import): measures how much processor time its turns of the event loop take, and its memory.
const EVERY_MS = 5;

let before = process.threadCpuUsage();
let longestMs = 0;
let heapBytes = 0;
let rssBytes = 0;

setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  before = process.threadCpuUsage();
  longestMs = Math.max(longestMs, (user + system) / 1000);
  const memory = process.memoryUsage();
  heapBytes = Math.max(heapBytes, memory.heapUsed);
  rssBytes = Math.max(rssBytes, memory.rss);
}, EVERY_MS).unref();

process.on('message', () => {
  process.send?.({ longestMs, heapBytes, rssBytes });
  longestMs = heapBytes = rssBytes = 0;
});
process.channel?.unref();
