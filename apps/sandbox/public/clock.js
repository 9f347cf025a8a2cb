import { api, repeatedly } from './api.js';
import { byId, show } from './elements.js';
import { wallTime, zoneFor } from './zones.js';

let offsetMs = 0;
let last = null;

export function startClock() {
  for (const button of document.querySelectorAll('[data-advance]')) button.addEventListener('click', () => void advance(button.dataset.advance));
  setInterval(tick, 250);
  repeatedly(500, look);
}

export function tick() {
  const now = Date.now() + offsetMs;
  byId('now').dateTime = new Date(now).toISOString();
  byId('now').textContent = wallTime(now, zoneFor(null), true);
  byId('ahead').textContent = offsetMs < 1000 ? 'The same as the real clock.' : `${duration(offsetMs)} ahead of the real clock. It only goes forward.`;
}

async function look() {
  const state = await api('GET', 'api/clock');
  offsetMs = Date.parse(state.now) - Date.now();
  if (state.job) showJob(state.job);
  else if (last?.state === 'running') showJob(await api('GET', `api/clock/jobs/${last.id}`));
}

async function advance(by) {
  show('clock-error', '');
  try {
    showJob(await api('POST', 'api/clock/advance', { by }));
  } catch (error) {
    show('clock-error', error.message);
  }
}

function showJob(job) {
  last = job;
  const [from, target, reached] = [job.startedFrom, job.target, job.reached].map(Date.parse);
  const running = job.state === 'running';
  byId('walk').hidden = false;
  byId('walk-progress').value = job.state === 'done' ? 1 : Math.min(1, (reached - from) / (target - from));
  for (const button of document.querySelectorAll('[data-advance]')) button.disabled = running;
  const stops = `${job.steps} ${job.steps === 1 ? 'stop' : 'stops'}`;
  byId('walk-text').textContent = running
    ? `Moving to ${wallTime(target, zoneFor(null))}: at ${wallTime(reached, zoneFor(null))} after ${stops}, waiting until all is done that was due.`
    : job.state === 'done' ? `Arrived after ${stops}.` : '';
  show('clock-error', job.state === 'failed' ? `The clock stopped on its way: ${job.error}.` : '');
}

function duration(ms) {
  const parts = [[86_400_000, 'day'], [3_600_000, 'hour'], [60_000, 'minute']].map(([size, name], index, all) => {
    const count = Math.floor((index === 0 ? ms : ms % all[index - 1][0]) / size);
    return count > 0 ? `${count} ${name}${count > 1 ? 's' : ''}` : null;
  });
  return parts.filter(Boolean).join(', ') || 'Less than a minute';
}
