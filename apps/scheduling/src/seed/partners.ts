import { type SamplePractice, fullDay, longDay } from './sample-practice';

export const summit: SamplePractice = {
  id: 'summit', name: 'Summit Dermatology', zone: 'America/Denver', areaCodes: ['303', '720'], partner: true, patients: 65,
  sites: [{ code: 'denver', name: 'Summit Dermatology, Denver', areaCode: '303', address: { line: '410 Larkspur Avenue', city: 'Denver', state: 'CO', postalCode: '80202' }, latitude: 39.7508, longitude: -104.9966 }],
  providers: [
    { code: 'feld', name: 'Marcus Feld, MD', languages: ['en'], payers: ['commercial', 'medicare'], gives: ['consult', 'skin-check'], hours: [{ site: 'denver', weekdays: [1, 2, 3, 4, 5], blocks: fullDay }] },
    { code: 'pineda', name: 'Yolanda Pineda, MD', languages: ['en', 'es'], payers: ['commercial', 'medicaid'], gives: ['consult', 'skin-check'], hours: [{ site: 'denver', weekdays: [1, 2, 3, 4], blocks: longDay }],
      exceptions: [{ site: 'denver', weeks: 3, weekday: 3, ranges: [{ from: '12:00', to: '20:00' }] }] },
    { code: 'okafor', name: 'Grace Okafor, MD', languages: ['en'], payers: ['commercial', 'medicaid', 'medicare'], gives: ['consult', 'skin-check'], hours: [{ site: 'denver', weekdays: [2, 3, 4, 5], blocks: fullDay }],
      exceptions: [{ site: 'denver', weeks: 4, weekday: 5, ranges: [] }] },
  ],
  visitTypes: [
    { code: 'consult', service: 'dermatology-consult', name: 'Dermatology consult', minutes: 30, noticeMinutes: 120, needs: ['room'] },
    { code: 'skin-check', service: 'skin-check', name: 'Full skin check', minutes: 20, bufferAfter: 10, noticeMinutes: 120, needs: ['room'], public: true },
  ],
  equipment: [{ site: 'denver', kind: 'room', names: ['Room A', 'Room B', 'Room C'] }],
  ownClosure: { weeks: 6, weekday: 5, reason: 'Outreach clinic in the mountains' },
  shares: [{ id: 'summit-dermatology', services: ['dermatology-consult', 'skin-check'], opensDaysBefore: 60, returnsHoursBefore: 2, dailyQuota: 16 }],
};

export const desert: SamplePractice = {
  id: 'desert', name: 'Desert Heart Clinic', zone: 'America/Phoenix', areaCodes: ['602', '480'], partner: true, patients: 55,
  sites: [{ code: 'phoenix', name: 'Desert Heart Clinic, Phoenix', areaCode: '602', address: { line: '2200 Ocotillo Drive', city: 'Phoenix', state: 'AZ', postalCode: '85004' }, latitude: 33.4512, longitude: -112.0702 }],
  providers: [
    { code: 'salas', name: 'Victor Salas, MD', languages: ['en', 'es'], payers: ['commercial', 'medicaid', 'medicare'], gives: ['consult', 'echo'], hours: [{ site: 'phoenix', weekdays: [1, 2, 3, 4], blocks: longDay }] },
    { code: 'ashworth', name: 'Helen Ashworth, MD', languages: ['en'], payers: ['commercial', 'medicare'], gives: ['consult'], hours: [{ site: 'phoenix', weekdays: [1, 2, 3, 4, 5], blocks: fullDay }],
      exceptions: [{ site: 'phoenix', weeks: 2, weekday: 1, ranges: [{ from: '09:00', to: '12:00' }] }] },
    { code: 'haddad', name: 'Omar Haddad, RDCS', languages: ['en'], payers: ['commercial', 'medicaid', 'medicare'], gives: ['echo'], hours: [{ site: 'phoenix', weekdays: [1, 2, 3, 4, 5], blocks: fullDay }],
      exceptions: [{ site: 'phoenix', weeks: 5, weekday: 2, ranges: [] }] },
  ],
  visitTypes: [
    { code: 'consult', service: 'cardiology-consult', name: 'Cardiology consult', minutes: 45, bufferAfter: 15, noticeMinutes: 240, needs: ['room'] },
    { code: 'echo', service: 'echo', name: 'Echocardiogram', minutes: 60, bufferAfter: 15, noticeMinutes: 240, needs: ['room', 'device'] },
  ],
  equipment: [
    { site: 'phoenix', kind: 'room', names: ['Suite 1', 'Suite 2', 'Suite 3'] },
    { site: 'phoenix', kind: 'device', names: ['Echo machine 1', 'Echo machine 2'] },
  ],
  ownClosure: { weeks: 7, weekday: 4, reason: 'Equipment maintenance' },
  shares: [{ id: 'desert-cardiology', services: ['cardiology-consult', 'echo'], opensDaysBefore: 45, returnsHoursBefore: 4, dailyQuota: 8 }],
};

/** In no partnership: sees nothing of the others and is not seen. */
export const lakeside: SamplePractice = {
  id: 'lakeside', name: 'Lakeside Internal Medicine', zone: 'America/Chicago', areaCodes: ['312', '773'], partner: false, patients: 30,
  sites: [{ code: 'chicago', name: 'Lakeside Internal Medicine, Chicago', areaCode: '312', address: { line: '730 Breakwater Place', city: 'Chicago', state: 'IL', postalCode: '60611' }, latitude: 41.8925, longitude: -87.6122 }],
  providers: [
    { code: 'volkova', name: 'Nina Volkova, MD', languages: ['en'], payers: ['commercial', 'medicare'], gives: ['primary-care', 'vaccination'], hours: [{ site: 'chicago', weekdays: [1, 2, 3, 4, 5], blocks: fullDay }] },
    { code: 'lindqvist', name: 'Peter Lindqvist, DO', languages: ['en'], payers: ['commercial'], gives: ['primary-care', 'vaccination'], hours: [{ site: 'chicago', weekdays: [1, 3, 5], blocks: longDay }],
      exceptions: [{ site: 'chicago', weeks: 3, weekday: 1, ranges: [] }] },
  ],
  visitTypes: [
    { code: 'primary-care', service: 'primary-care-visit', name: 'Office visit', minutes: 30, noticeMinutes: 60, needs: [] },
    { code: 'vaccination', service: 'vaccination', name: 'Vaccination', minutes: 15, noticeMinutes: 30, needs: ['room'] },
  ],
  equipment: [{ site: 'chicago', kind: 'room', names: ['Room 1', 'Room 2'] }],
  ownClosure: { weeks: 4, weekday: 2, reason: 'Moving the archive' },
  shares: [],
};
