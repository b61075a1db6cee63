// Loads the page's code and starts it; what goes wrong on the way is told, instead of a page that computes for ever.
import type { Engine } from './engine.ts';

/** @param wasm - the WebAssembly engine, where there is one */
export async function begin(wasm: () => Promise<Engine | undefined>): Promise<void> {
  try {
    const [{ start }, { plain }, engine] = await Promise.all([import('./start.ts'), import('./plain.ts'), wasm()]);
    await start({ ...(engine ? { wasm: engine } : {}), reference: plain });
  } catch (error) {
    const loading = document.getElementById('loading');
    if (loading) loading.textContent = `The page could not start: ${error}. Another browser may do better.`;
    throw error;
  }
}
