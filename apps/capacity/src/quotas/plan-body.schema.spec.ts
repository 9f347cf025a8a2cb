import { planBody } from './plan-body.schema';

const service = { service: 'skin-check', minutes: 30, lendableShare: 0.2, capacity: [1], demand: [1] };
const given = (over: object, practices = 2) => ({ firstWeek: '2026-12-07', weeks: 1, practices: Array.from({ length: practices }, (_, n) => ({ practice: `p${n}`, reciprocityHours: 40, services: [{ ...service, ...over }] })) });
/** Where a body is wrong, as the form that was chosen for it says. */
const wrong = (body: unknown): string[] => (planBody.safeParse(body).error?.issues ?? []).flatMap((issue) => (issue.code === 'invalid_union' ? issue.errors.flat() : [issue])).map((issue) => `/${issue.path.join('/')} ${issue.code}`);

describe('the body of a quota plan', () => {
  it('names what is wrong in given practices, however much it is', () => {
    expect(wrong(given({}))).toEqual([]);
    expect(wrong(given({ capacity: [1.5] }))).toEqual([0, 1].map((n) => `/practices/${n}/services/0/capacity/0 invalid_type`));
    expect(wrong(given({ capacity: 'ten', minutes: 'x' }))).toEqual([0, 1].flatMap((n) => [`/practices/${n}/services/0/minutes invalid_type`, `/practices/${n}/services/0/capacity invalid_type`]));
    expect(wrong(given({}, 31))).toEqual(['/practices too_big']);
    expect(wrong({ ...given({}), firstWeek: '2026-12-08' })).toEqual(['/firstWeek custom']);
    expect(wrong({ ...given({}), practices: null })).toEqual(['/practices invalid_type']);
  });

  it('names what is wrong in a question without practices', () => {
    expect(planBody.parse({})).toMatchObject({ weeks: 4, leaveOut: [] });
    expect(wrong({ weeks: 9, lendableShare: 2 })).toEqual(['/weeks too_big', '/lendableShare too_big']);
    expect(wrong({ wekes: 4 })).toEqual(['/ unrecognized_keys']);
    expect(wrong('x')).toEqual(['/ invalid_type']);
  });
});
