// Asks the service that the console runs in.

const PATIENCE_MILLIS = 10_000;

async function ask(path, options = {}) {
  const answer = await fetch(`/api/pipelines${path}`, { ...options, signal: AbortSignal.timeout(PATIENCE_MILLIS) });
  if (!answer.ok && answer.status !== 404) {
    throw new Error((await answer.text()).trim());
  }
  return answer;
}

export const list = async () => (await (await ask("")).json()).pipelines;

/** With the points of the plots after the one of that number; null where there is no such pipeline. */
export async function details(id, after) {
  const answer = await ask(`/${id}?after=${after}`);
  return answer.ok ? answer.json() : null;
}

export const act = (id, action, token) =>
  ask(`/${id}/${action}`, { method: "POST", headers: { "X-Millrace-Token": token } });
