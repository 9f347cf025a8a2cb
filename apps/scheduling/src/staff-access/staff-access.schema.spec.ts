import { differenceOf } from '../agreements/domain/terms-difference';
import { hashOfTerms } from '../agreements/domain/terms-hash';
import { agreementTerms } from '../agreements/persistence/agreement-terms.schema';

const terms = { name: 'Lists', practices: ['harbor', 'summit'], effectiveFrom: '2027-01-01T05:00:00Z' };
const ana = { practice: 'harbor', subject: 'ana@summit.example', of: 'summit', desks: ['wait-list', 'call-list', 'wait-list'] };
const faults = (staffAccess: unknown): string[] => agreementTerms.safeParse({ ...terms, staffAccess }).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`) ?? [];

describe('the section staffAccess of an agreement', () => {
  test('names a person, two different parties and lists, each once', () => {
    expect(agreementTerms.parse({ ...terms, staffAccess: [ana] }).staffAccess).toEqual([{ ...ana, desks: ['call-list', 'wait-list'], until: null }]);
    expect(faults([{ ...ana, of: 'harbor' }])).toEqual(['staffAccess.0.of must be another practice than the one whose lists are worked']);
    expect(faults([{ ...ana, practice: 'desert' }, { ...ana, of: 'desert' }])).toEqual(['staffAccess.0.practice must be a party of the agreement', 'staffAccess.1.of must be a party of the agreement']);
    expect(faults([ana, { ...ana, desks: ['inbox'] }])).toEqual(['staffAccess.1.subject must be named once for this practice']);
    expect(faults([{ ...ana, subject: 'client:robot' }])).toEqual(['staffAccess.0.subject must name a person']);
    for (const wrong of [{ desks: [] }, { desks: ['patients'] }, { until: '2027-02-30' }, { subject: ' ' }, { roles: ['manager'] }]) expect(faults([{ ...ana, ...wrong }])).toHaveLength(1);
  });

  test('keeps the hash of terms that do not have it', () => {
    expect(hashOfTerms(agreementTerms.parse(terms))).toBe(hashOfTerms({ blackoutDates: [], endsAt: null, noticeDays: 90, rules: [], ...terms, effectiveFrom: agreementTerms.parse(terms).effectiveFrom }));
  });

  test('is read person by person where it changes', () => {
    const ben = { ...ana, subject: 'ben@summit.example', desks: ['inbox'] };
    const [before, after] = [[ana, ben], [{ ...ben, until: '2027-06-30' }, { ...ana, subject: 'cleo@summit.example' }]].map((staffAccess) => agreementTerms.parse({ ...terms, staffAccess }));
    expect(differenceOf(before!, after!).map(({ text }) => text)).toEqual([
      'staff access, ana@summit.example for harbor: removed (was practice harbor; subject ana@summit.example; of summit; desks call-list, wait-list)',
      'staff access, ben@summit.example for harbor, until: added 2027-06-30',
      'staff access, cleo@summit.example for harbor: added practice harbor; subject cleo@summit.example; of summit; desks call-list, wait-list',
    ]);
  });
});
