// An answer as JSON, which nobody may keep.
export const json = (value: object): Response =>
  new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } });
