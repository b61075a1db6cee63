// margin-kernel/watch: who became liquidatable on this tick. An entry of its own, so that who watches nothing does not carry it; it
// follows books of every entry.
export * from './watch/public.js';
