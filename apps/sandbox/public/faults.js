import { api, repeatedly } from './api.js';
import { byId, element, show } from './elements.js';

const REQUESTS = { 429: 'refused: too many (429)', '500-before': 'error before it is stored (500)', '500-after': 'error after it was stored (500)', 'timeout-after': 'stored, but no answer', slow: 'slow answer' };
const CHANNELS = {
  sms: ['Texts (Twilio)', { ...REQUESTS, undelivered: 'taken, but undelivered (30003)', 'queue-held': 'stays in the queue' }],
  email: ['Mail (SMTP)', REQUESTS],
  callback: ['Status callbacks', { 'callback-lost': 'lost', 'callback-twice': 'twice', slow: 'late' }],
  oidc: ['Sign-in (OpenID)', REQUESTS],
};

export function startFaults() {
  byId('fault-channel').replaceChildren(...Object.entries(CHANNELS).map(([value, [label]]) => element('option', { value }, label)));
  byId('fault-channel').addEventListener('change', kinds);
  kinds();
  byId('fault').addEventListener('submit', (event) => {
    event.preventDefault();
    const to = byId('fault-to').value.trim();
    void act(() => api('POST', 'api/faults', { channel: byId('fault-channel').value, kind: byId('fault-kind').value, times: Number(byId('fault-times').value), ...(to && { to }) }));
  });
  byId('fault-clear').addEventListener('click', () => void act(() => api('DELETE', 'api/faults')));
  repeatedly(2000, look);
}

function kinds() {
  byId('fault-kind').replaceChildren(...Object.entries(CHANNELS[byId('fault-channel').value][1]).map(([value, label]) => element('option', { value }, label)));
}

async function act(work) {
  show('fault-error', '');
  try {
    await work();
    await look();
  } catch (error) {
    show('fault-error', error.message);
  }
}

async function look() {
  const { items } = await api('GET', 'api/faults');
  const rows = items.slice(0, 12).map((fault) => {
    const [channel, kindNames] = CHANNELS[fault.channel];
    const over = fault.cleared || fault.remaining === 0;
    const left = fault.cleared ? 'cleared' : fault.remaining ?? `${Math.round(fault.probability * 100)} % of requests`;
    const stop = fault.cleared || (over && fault.kind !== 'queue-held') ? '' : element('button', { type: 'button', class: 'plain', onclick: () => void act(() => api('DELETE', `api/faults/${fault.id}`)) }, 'Clear');
    return element('tr', { class: over ? 'over' : null }, ...[channel, kindNames[fault.kind] ?? fault.kind, fault.to ?? 'everybody', String(fault.hits), String(left), stop].map((cell) => element('td', {}, cell)));
  });
  byId('fault-list').replaceChildren(...(rows.length > 0 ? rows : [element('tr', { class: 'over' }, element('td', { colspan: '6' }, 'Nothing is ordered: everything works.'))]));
}
