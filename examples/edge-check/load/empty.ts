// A worker that does nothing: what a start of workerd takes without ours.
export default {
  fetch: (): Response => new Response('ok'),
};
