import { isPatientsReason, isPracticesReason } from './cancel-reasons';

/** https://hl7.org/fhir/R4/codesystem-appointment-cancellation-reason.html, all of it. */
const codes = [
  'pat', 'pat-crs', 'pat-cpp', 'pat-dec', 'pat-fb', 'pat-lt', 'pat-mt', 'pat-mv', 'pat-preg', 'pat-swl', 'pat-ucp', 'prov', 'prov-pers', 'prov-dch', 'prov-edu', 'prov-hosp', 'prov-labs', 'prov-mri', 'prov-onc',
  'maint', 'meds-inc', 'other', 'oth-cms', 'oth-err', 'oth-fin', 'oth-iv', 'oth-int', 'oth-mu', 'oth-room', 'oth-oerr', 'oth-swie', 'oth-weath',
];

describe('whose reason it is that a visit is called off', () => {
  test('the practice\'s are those of its providers and of what is repaired, and no word that only begins like them', () => {
    expect(codes.filter(isPracticesReason)).toEqual(['prov', 'prov-pers', 'prov-dch', 'prov-edu', 'prov-hosp', 'prov-labs', 'prov-mri', 'prov-onc', 'maint']);
    expect(['provoked', 'provider', 'maintained', 'oth-prov', 'improv', ''].filter(isPracticesReason)).toEqual([]);
  });

  test('the patient\'s are decisions of their own: a death, a lost membership, pregnancy and a wait-list offer are not', () => {
    expect(codes.filter(isPatientsReason)).toEqual(['pat', 'pat-crs', 'pat-cpp', 'pat-fb', 'pat-lt', 'pat-mv', 'pat-ucp']);
    expect(['patience', 'pat-', 'oth'].filter(isPatientsReason)).toEqual([]);
  });
});
