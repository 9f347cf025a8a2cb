import { type SamplePractice, fullDay, longDay } from './sample-practice';

const everything = ['primary-care', 'new-patient', 'physical', 'vaccination'];

export const harbor: SamplePractice = {
  id: 'harbor', name: 'Harbor Family Medicine', zone: 'America/New_York', areaCodes: ['617', '857', '508', '774'], partner: true, patients: 150,
  sites: [
    { code: 'boston', name: 'Harbor Family Medicine, Boston', areaCode: '617', address: { line: '85 Seaport Lane', city: 'Boston', state: 'MA', postalCode: '02210' }, latitude: 42.3503, longitude: -71.0442 },
    { code: 'worcester', name: 'Harbor Family Medicine, Worcester', areaCode: '508', address: { line: '14 Mill Pond Street', city: 'Worcester', state: 'MA', postalCode: '01608' }, latitude: 42.2626, longitude: -71.8023 },
  ],
  providers: [
    { code: 'thornton', name: 'Alice Thornton, MD', languages: ['en'], payers: ['commercial', 'medicare'], gives: everything, hours: [{ site: 'boston', weekdays: [1, 2, 3, 4, 5], blocks: fullDay }],
      exceptions: [{ site: 'boston', weeks: 2, weekday: 4, ranges: [] }] },
    { code: 'ortega', name: 'Rafael Ortega, MD', languages: ['en', 'es'], payers: ['commercial', 'medicaid', 'medicare'], gives: everything, hours: [{ site: 'boston', weekdays: [1, 2, 3, 4], blocks: longDay }],
      exceptions: [{ site: 'boston', weeks: 3, weekday: 2, ranges: [{ from: '12:00', to: '19:00' }] }] },
    { code: 'nair', name: 'Priya Nair, MD', languages: ['en'], payers: ['commercial', 'medicaid'], gives: everything,
      hours: [{ site: 'worcester', weekdays: [1], blocks: fullDay }, { site: 'boston', weekdays: [2, 3, 4, 5], blocks: fullDay }] },
    { code: 'brandt', name: 'Samuel Brandt, MD', languages: ['en'], payers: ['commercial', 'medicare'], gives: everything, hours: [{ site: 'worcester', weekdays: [1, 2, 3, 4, 5], blocks: fullDay }] },
    { code: 'ferrer', name: 'Lucia Ferrer, DO', languages: ['en', 'es'], payers: ['commercial', 'medicaid'], gives: everything,
      hours: [{ site: 'worcester', weekdays: [1, 2, 3], blocks: longDay }, { site: 'boston', weekdays: [4], blocks: [['13:00', '19:00']] }] },
    { code: 'kowalski', name: 'Hannah Kowalski, NP', languages: ['en'], payers: ['commercial', 'medicaid', 'medicare'], gives: ['primary-care', 'vaccination'],
      hours: [{ site: 'worcester', weekdays: [2, 3, 4, 5], blocks: fullDay }, { site: 'boston', weekdays: [6], blocks: [['09:00', '13:00']], everyWeeks: 2 }] },
  ],
  visitTypes: [
    { code: 'primary-care', service: 'primary-care-visit', name: 'Primary care visit', minutes: 30, noticeMinutes: 60, needs: [] },
    { code: 'new-patient', service: 'primary-care-visit', name: 'Primary care visit, new patient', minutes: 45, noticeMinutes: 240, needs: [] },
    { code: 'physical', service: 'annual-physical', name: 'Annual physical', minutes: 45, bufferAfter: 15, noticeMinutes: 240, needs: ['room'] },
    { code: 'vaccination', service: 'vaccination', name: 'Vaccination', minutes: 15, noticeMinutes: 30, needs: [], public: true },
  ],
  equipment: [
    { site: 'boston', kind: 'room', names: ['Room 1', 'Room 2', 'Room 3', 'Room 4'] },
    { site: 'worcester', kind: 'room', names: ['Room 1', 'Room 2', 'Room 3'] },
  ],
  ownClosure: { weeks: 5, weekday: 3, reason: 'Staff training' },
  shares: [
    { id: 'harbor-primary-care', services: ['primary-care-visit', 'annual-physical'], opensDaysBefore: 30, returnsHoursBefore: 4, dailyQuota: 10 },
    { id: 'harbor-vaccination', services: ['vaccination'], opensDaysBefore: 60, returnsHoursBefore: 1, dailyQuota: 20 },
  ],
};
