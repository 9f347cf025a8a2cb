import type { PracticeId, ProviderId, ServiceCode, VisitTypeId } from '@slotmesh/kernel';
import type { Offering } from '../../openings/domain/opening';
import { offersOf } from './wanted';

const offering = (practice: string, provider: string, service: string, visitType: string) => ({ practice, provider, service, visitType, site: 's1' }) as unknown as Offering;
const [one, two] = [offering('summit', 'd1', 'echo', 'v1'), offering('desert', 'd2', 'echo', 'v2')];

describe('offersOf', () => {
  it('asks the statement for what is one, and accepts any of what is more', () => {
    const asked = offersOf({ practices: ['summit' as PracticeId], providers: ['d1' as ProviderId, 'd3' as ProviderId] });
    expect(asked).toMatchObject({ practice: 'summit' });
    expect(asked).not.toHaveProperty('provider');
    expect([one, two].map((given) => asked.accepts?.(given))).toEqual([true, false]);
  });
  it('takes a service or a visit type, and of several any', () => {
    expect(offersOf({ types: [{ visitType: 'v1' as VisitTypeId }] })).toMatchObject({ visitType: 'v1' });
    const asked = offersOf({ types: [{ service: 'skin-check' as ServiceCode }, { visitType: 'v2' as VisitTypeId }] });
    expect([one, two].map((given) => asked.accepts?.(given))).toEqual([false, true]);
  });
  it('accepts all where nothing is said', () => expect([one, two].map((given) => offersOf({}).accepts?.(given))).toEqual([true, true]));
});
