import { api } from './api.js';
import { byId, element, linked } from './elements.js';
import { wallTime, zoneFor } from './zones.js';

export const phones = {
  hash: 'phone',
  label: 'Find or open a number',
  empty: 'No phone has had a text yet. Open any number to write from it.',
  list: async (search) => (await api('GET', `api/phones?search=${encodeURIComponent(search)}`)).items.map((phone) => ({ id: phone.number, count: phone.texts, last: phone.lastBody || '(redacted)' })),
  load: (number) => api('GET', `api/phones/${encodeURIComponent(number)}`),
  draw,
};

/** One phone as its owner holds it: what the practices sent on the left, what it answered on the right. */
function draw(place, { number, messages }, reload) {
  const zone = zoneFor(number);
  const thread = element('ol', { class: 'thread', 'aria-label': `Texts of ${number}`, tabindex: '0' }, ...messages.map((text) => bubble(text, zone)));
  if (messages.length === 0) thread.append(element('li', { class: 'quiet' }, 'No texts yet.'));
  place.replaceChildren(element('div', { class: 'head' }, element('h2', {}, number), element('p', { class: 'quiet' }, `Times in ${zone.replace('_', ' ')}`)), thread, answerForm(number, messages, reload));
  thread.scrollTop = thread.scrollHeight;
}

function bubble(text, zone) {
  const sent = text.side === 'sent';
  const body = text.body === '' ? element('em', {}, 'redacted') : null;
  return element('li', { class: text.side }, element('div', { class: 'bubble' }, ...(body ? [body] : linked(text.body))), element('p', { class: 'meta' }, `${sent ? 'to' : 'from'} ${text.other} · ${wallTime(text.at, zone)} · `, sent ? taken(text) : arrived(text)));
}

function arrived(text) {
  const parts = `${text.segments} ${text.segments === 1 ? 'segment' : 'segments'}`;
  if (text.errorCode === null) return `${text.status}, ${parts}`;
  return element('span', { class: 'problem' }, `${text.status}, error ${text.errorCode}`);
}

function taken(text) {
  const words = { pending: 'on its way to the practice', delivered: 'taken by the practice', failed: 'the practice did not take it', lost: 'lost' };
  const problem = text.webhook === 'failed' || text.webhook === 'lost' || text.webhookError;
  return element('span', problem ? { class: 'problem' } : {}, `${words[text.webhook] ?? text.status}${problem && text.webhookError ? ` (${text.webhookError})` : ''}`);
}

function answerForm(number, messages, reload) {
  const others = [...new Set(messages.map((text) => text.other))].filter(Boolean).reverse();
  const error = element('p', { class: 'error', role: 'alert', hidden: true });
  // Why nobody is chosen where several wrote: a YES must not reach the one who wrote last by chance.
  const to = others.length > 0
    ? element('select', { id: 'answer-to' }, ...(others.length > 1 ? [element('option', { value: '' }, 'Choose who gets it')] : []), ...others.map((other) => element('option', { value: other }, other)))
    : element('input', { id: 'answer-to', placeholder: '+16175550199', required: true });
  const box = element('textarea', { id: 'answer-body', rows: '1', maxlength: '1600' });
  const send = async (body) => {
    error.hidden = true;
    try {
      await api('POST', `api/phones/${encodeURIComponent(number)}/messages`, { body, ...(to.value && { to: to.value }) });
      box.value = '';
      await reload();
    } catch (failure) {
      error.textContent = failure.message;
      error.hidden = false;
    }
  };
  const submit = (event) => {
    event.preventDefault();
    if (box.value.trim() !== '') void send(box.value);
  };
  box.addEventListener('keydown', (event) => event.key === 'Enter' && !event.shiftKey && submit(event));
  return element('form', { class: 'answer', onsubmit: submit },
    element('div', { class: 'buttons quick', role: 'group', 'aria-label': 'Quick answers' }, ...['C', 'X', 'STOP', 'HELP'].map((word) => element('button', { type: 'button', onclick: () => void send(word) }, word))),
    element('div', {}, element('label', { for: 'answer-to' }, 'To'), to),
    element('div', {}, element('label', { for: 'answer-body' }, 'Text from this phone'), element('div', { class: 'row' }, box, element('button', {}, 'Send'))),
    error);
}

/** Keeps what is being typed over a redraw. */
export function typed() {
  const box = byId('answer-body');
  if (!box) return null;
  const to = byId('answer-to');
  // Why not the only one that there was: nobody chose it, and another may have written meanwhile.
  return { body: box.value, to: to.options?.length === 1 ? '' : to.value, focus: document.activeElement === box };
}

export function retype(kept) {
  const box = byId('answer-body');
  if (!kept || !box) return;
  box.value = kept.body;
  if (kept.to) byId('answer-to').value = kept.to;
  if (kept.focus) box.focus();
}
