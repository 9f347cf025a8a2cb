// Desks that register patients, search, hold and book while services die; every creating request bears a key and is sent again until it has an answer.
import { randomUUID } from 'node:crypto';
import { inventPatient } from '../../demo/invented-patient.mjs';

const AT_ONCE = 8;
const BUSY = [200, 201, 401, 403, 404, 409, 422, 500, 502, 503, 504];

/** @returns {Promise<{ booked: { appointment: string, phone: string, email: string }[], faults: string[] }>} */
export async function bookUnderLoad(count, random, say) {
  const { signIn } = await import('../../demo/stack.mjs');
  const desk = await signIn('frontdesk@harbor.example');
  const phones = new Set();
  const booked = [];
  const faults = [];
  const times = new Map();
  let started = 0;
  const t0 = Date.now();

  const settled = async (method, path, body) => {
    const key = { 'idempotency-key': randomUUID() };
    for (const end = Date.now() + 90_000; ; ) {
      const answer = await desk(method, path, body, { expect: BUSY, headers: key });
      // Why 401 and 500 too: a restarting service cannot ask who calls; the answer is not kept, so the same key may be sent again.
      if (![401, 500, 502, 503, 504].includes(answer.http) || Date.now() > end) return answer;
      if (answer.http === 500) times.set('500', (times.get('500') ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  };
  const one = async () => {
    const person = newPatient(phones);
    const patient = await settled('POST', '/api/scheduling/v1/patients', person);
    if (patient.http !== 201) return void faults.push(`registering answered ${patient.http} ${patient.code}: ${patient.detail}`);
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const from = new Date(Date.now() + (6 + Math.floor(random() * 40)) * 86_400_000);
      const service = random() < 0.5 ? 'primary-care-visit' : 'annual-physical';
      const { items = [] } = await settled('GET', `/api/scheduling/v1/openings?${new URLSearchParams({ service, practice: 'harbor', from: from.toISOString(), limit: '30' })}`);
      const opening = items[Math.floor(random() * items.length)];
      if (!opening) continue;
      const answer = await settled('POST', '/api/scheduling/v1/appointments', { opening: opening.id, patient: patient.id });
      if (answer.http === 201) return void booked.push({ appointment: answer.id, phone: person.phone, email: person.email });
      if (answer.http !== 409) return void faults.push(`booking answered ${answer.http} ${answer.code}: ${answer.detail}`);
    }
    faults.push('no time was found in 12 attempts');
  };
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (started < count) {
      started += 1;
      await one().catch((error) => faults.push(`a desk gave up: ${error.message}`));
    }
  }));
  say(`${booked.length} of ${count} bookings acknowledged in ${((Date.now() - t0) / 1000).toFixed(0)} s; answers of 500 on the way: ${times.get('500') ?? 0}`);
  return { booked, faults };
}

function newPatient(phones) {
  for (;;) {
    const person = inventPatient('en');
    if (phones.has(person.phone)) continue;
    phones.add(person.phone);
    return person;
  }
}
