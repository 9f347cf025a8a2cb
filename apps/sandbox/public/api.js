/** Asks the sandbox; a refusal becomes an Error with the sentence that the problem document gives. */
export async function api(method, path, body) {
  const response = await fetch(`/sandbox/${path}`, { method, ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  const text = await response.text();
  const answer = text === '' ? {} : JSON.parse(text);
  if (!response.ok) throw new Error(answer.detail ?? `The sandbox answered with ${response.status}.`);
  return answer;
}

/** Runs `look` now and again while the page is seen; a failed look is tried again. */
export function repeatedly(everyMs, look) {
  const run = async () => {
    if (!document.hidden) await look().catch(() => undefined);
    setTimeout(run, everyMs);
  };
  void run();
}
