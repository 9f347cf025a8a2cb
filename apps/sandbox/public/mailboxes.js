import { api } from './api.js';
import { element } from './elements.js';
import { wallTime, zoneFor } from './zones.js';

export const mailboxes = {
  hash: 'mailbox',
  label: 'Find or open an address',
  empty: 'No mailbox has had a mail yet.',
  list: async (search) => (await api('GET', `api/mailboxes?search=${encodeURIComponent(search)}`)).items.map((box) => ({ id: box.address, count: box.mails, last: box.lastSubject })),
  load: (address) => api('GET', `api/mailboxes/${encodeURIComponent(address)}`),
  draw,
};

function draw(place, { address, mails }) {
  const zone = zoneFor(null);
  const shown = mails.length > 0 ? mails.map((mail) => letter(mail, zone)) : [element('p', { class: 'quiet' }, 'No mails yet.')];
  place.replaceChildren(element('div', { class: 'head' }, element('h2', {}, address), element('p', { class: 'quiet' }, `Times in ${zone.replace('_', ' ')}`)), ...shown);
}

function letter(mail, zone) {
  return element('article', { class: 'mail' },
    element('h3', {}, mail.subject || '(no subject)', ' ', mail.copies > 1 ? element('span', { class: 'badge' }, `arrived ${mail.copies} times`) : null),
    element('p', { class: 'meta' }, `from ${mail.from} · to ${mail.to} · ${wallTime(mail.at, zone)} · `, element('a', { href: `/sandbox/api/mails/${mail.id}/raw`, target: '_blank', rel: 'noopener' }, 'source')),
    mail.ics ? invitation(mail.ics) : null,
    mail.html ? frame(mail) : element('pre', {}, mail.text ?? ''),
    mail.html && mail.text ? element('details', {}, element('summary', {}, 'As plain text'), element('pre', {}, mail.text)) : null);
}

/** Why a frame without scripts: a mail's markup must not act in this page; its links open in a new tab. */
function frame(mail) {
  return element('iframe', { title: `Mail: ${mail.subject}`, sandbox: 'allow-popups allow-popups-to-escape-sandbox', srcdoc: `<base target="_blank">${mail.html}` });
}

function invitation(ics) {
  const lines = ics.replace(/\r?\n[ \t]/g, '').split(/\r?\n/);
  const event = lines.slice(lines.indexOf('BEGIN:VEVENT'));
  const value = (name) => (event.find((line) => line.startsWith(`${name}:`) || line.startsWith(`${name};`)) ?? lines.find((line) => line.startsWith(`${name}:`)))?.replace(/^[^:]*:/, '').replace(/\\([,;\\])/g, '$1').replace(/\\n/gi, '\n');
  const facts = [['Calendar', value('METHOD')], ['What', value('SUMMARY')], ['Starts', time(event, 'DTSTART')], ['Ends', time(event, 'DTEND')], ['Where', value('LOCATION')], ['Status', value('STATUS')], ['Sequence', value('SEQUENCE')]].filter(([, text]) => text);
  return element('div', {}, element('dl', { class: 'visit' }, ...facts.flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)])), element('details', {}, element('summary', {}, 'Calendar file'), element('pre', {}, ics)));
}

/** The time of a property as the file gives it, wall time with its zone: `DTSTART;TZID=America/Denver:20261126T100000`. */
function time(event, name) {
  const found = event.map((line) => new RegExp(`^${name}(?:;.*?TZID=([^;:]+))?.*:(\\d{4})(\\d\\d)(\\d\\d)(?:T(\\d\\d)(\\d\\d)\\d\\d(Z)?)?`).exec(line)).find(Boolean);
  if (!found) return null;
  const [, zone, year, month, day, hour = '00', minute = '00', utc] = found;
  const wall = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)));
  if (utc) return wallTime(wall, zoneFor(null));
  const text = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', weekday: 'short', year: 'numeric', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }).format(wall);
  return zone ? `${text} (${zone.replace('_', ' ')})` : text;
}
