// Patients of the demo are invented anew each time, so that it can be played again and again: phones from the reserved 555-01xx range, example domains.
import { randomInt } from 'node:crypto';

const areas = ['617', '508', '857', '774', '413', '978', '781', '339', '351', '212', '646', '718', '917', '929', '347', '516', '631', '914', '845', '518', '315', '607', '585', '716', '203', '475', '860', '959', '401', '603', '802', '207', '215', '267', '484', '610', '717', '570', '814', '412', '724', '302', '201', '551', '609', '732', '848', '856', '862', '908', '973'];
const given = { en: ['Grace', 'Owen', 'Nora', 'Silas', 'Ivy', 'Amos'], es: ['Lucía', 'Mateo', 'Elena', 'Tomás', 'Inés', 'Andrés'] };
const family = { en: ['Hollis', 'Marsh', 'Quimby', 'Thorne', 'Vance'], es: ['Rosales', 'Cordero', 'Marín', 'Palacios', 'Nájera'] };
const one = (list) => list[randomInt(list.length)];

export function inventPatient(language) {
  const mark = randomInt(1_000_000).toString(36);
  const [givenName, familyName] = [one(given[language]), `${one(family[language])}-${mark.toUpperCase()}`];
  return {
    givenName, familyName, birthDate: `19${randomInt(50, 99)}-0${randomInt(1, 9)}-1${randomInt(0, 9)}`, phone: `+1${one(areas)}55501${String(randomInt(100)).padStart(2, '0')}`,
    email: `${givenName.normalize('NFD').replace(/[^a-z]/gi, '').toLowerCase()}.${mark}@example.com`, language, zone: 'America/New_York', consent: { text: true, email: true },
  };
}
