import { repeatedly } from './api.js';
import { startClock, tick } from './clock.js';
import { byId, element, show } from './elements.js';
import { startFaults } from './faults.js';
import { mailboxes } from './mailboxes.js';
import { phones, retype, typed } from './phones.js';
import { fillZones } from './zones.js';

let kind = phones;
let chosen = null;
let drawnList = '';
let drawnOpen = '';

const tabs = [[phones, byId('tab-phones')], [mailboxes, byId('tab-mailboxes')]];
for (const [index, [own, tab]] of tabs.entries()) {
  tab.addEventListener('click', () => choose(own, null));
  tab.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const [other, otherTab] = tabs[1 - index];
    choose(other, null);
    otherTab.focus();
  });
}
byId('search').addEventListener('input', () => void lookAtList());
byId('open').addEventListener('submit', (event) => {
  event.preventDefault();
  const wanted = byId('search').value.trim();
  if (wanted !== '') choose(kind, wanted);
});
addEventListener('hashchange', fromHash);

fillZones(() => {
  drawnOpen = '';
  tick();
  void lookAtOpen();
});
startClock();
startFaults();
fromHash();
repeatedly(1500, async () => {
  await lookAtList();
  await lookAtOpen();
});

function fromHash() {
  const [, name, id] = /^#(phone|mailbox)=(.*)$/.exec(location.hash) ?? [];
  choose(name === 'mailbox' ? mailboxes : phones, id ? decodeURIComponent(id) : null);
}

function choose(nextKind, id) {
  if (nextKind !== kind) byId('search').value = '';
  [kind, chosen, drawnList, drawnOpen] = [nextKind, id, '', ''];
  for (const [own, tab] of tabs) {
    tab.setAttribute('aria-selected', String(own === kind));
    tab.tabIndex = own === kind ? 0 : -1;
    if (own === kind) byId('people').setAttribute('aria-labelledby', tab.id);
  }
  byId('search-label').textContent = kind.label;
  history.replaceState(null, '', id === null ? location.pathname : `#${kind.hash}=${encodeURIComponent(id)}`);
  void lookAtList();
  void lookAtOpen();
}

async function lookAtList() {
  const asked = kind;
  const items = await kind.list(byId('search').value.trim());
  if (asked !== kind) return;
  const state = JSON.stringify([items, chosen]);
  if (state === drawnList) return;
  drawnList = state;
  const rows = items.map((item) =>
    element('li', {}, element('button', { type: 'button', 'aria-current': String(item.id === chosen), onclick: () => choose(kind, item.id) },
      element('span', { class: 'who' }, item.id, element('span', { class: 'quiet', title: `${item.count} in all` }, String(item.count))), element('span', { class: 'last' }, item.last))));
  byId('people').replaceChildren(...(rows.length > 0 ? rows : [element('li', { class: 'quiet' }, kind.empty)]));
}

async function lookAtOpen() {
  const place = byId('conversation');
  if (chosen === null) {
    if (drawnOpen !== 'none') place.replaceChildren(element('p', { class: 'quiet' }, kind === phones ? 'Choose a phone to read its texts and answer them.' : 'Choose a mailbox to read its mails.'));
    drawnOpen = 'none';
    return;
  }
  const [asked, askedKind] = [chosen, kind];
  try {
    const found = await kind.load(chosen);
    if (asked !== chosen || askedKind !== kind) return;
    show('open-error', '');
    const state = JSON.stringify(found);
    if (state === drawnOpen) return;
    const kept = drawnOpen === '' ? null : typed();
    drawnOpen = state;
    kind.draw(place, found, lookAtOpen);
    retype(kept);
  } catch (error) {
    show('open-error', error.message);
  }
}
