// Memory of the isolate as V8 counts it, asked of workerd's inspector: with kernel memory that is what the platform's limit of 128 MB is about.
import { once } from 'node:events';
import WebSocket from 'ws';

/** An inspector that says nothing for so long will say nothing. */
const PATIENCE = 5000;

/**
 * @param {number} port
 * @returns {Promise<{ used: number, backing: number }>} bytes of objects, and of array buffers; memories of wasm are in neither; garbage that V8 has
 * not collected yet is counted, since workerd's inspector does not collect on demand
 */
export async function heapUsage(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/main`, { handshakeTimeout: PATIENCE });
  try {
    await once(socket, 'open');
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.getHeapUsage' }));
    const [data] = await once(socket, 'message', { signal: AbortSignal.timeout(PATIENCE) });
    const { result } = JSON.parse(String(data));
    return { used: result.usedSize + result.embedderHeapUsedSize, backing: result.backingStorageSize };
  } finally {
    socket.terminate();
  }
}
