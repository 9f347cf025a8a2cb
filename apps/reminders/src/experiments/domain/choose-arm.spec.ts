import { patientId, practiceId } from '@slotmesh/contracts';
import { type Instant, newId, plusMs } from '@slotmesh/kernel';
import { chooseArm } from './choose-arm';
import type { Experiment } from './experiment';

const start = Date.UTC(2026, 10, 1) as Instant;
const patient = patientId.parse(newId());
const running: Experiment = {
  id: newId(), practice: practiceId.parse('summit'), name: 'Two or three', controlPlan: 'plan', controlVersion: 'version-1', arms: [{ key: 'control', weight: 1, plan: null }, { key: 'more', weight: 1, plan: 'arm' }], patients: 100, looks: 5, days: 10, seed: 'c2VlZA', state: 'running',
  madeBy: 'a', madeAt: start, approvedBy: 'b', approvedAt: start, startedAt: start, endsAt: plusMs(start, 1_000), stoppedAt: null, stoppedBy: null, because: null, reason: null,
};
const chosen = (over: Partial<Experiment> = {}, { assigned = null as string | null, inForce = 'version-1', trigger = 'booked' as 'booked' | 'moved' | null, at = start, now = start } = {}) =>
  chooseArm([{ experiment: { ...running, ...over }, assigned }], patient, { id: inForce }, { trigger, at }, now);

describe('the arm of a visit', () => {
  it('is chosen when a visit of the plan in force is booked after the start, and only then', () => {
    expect(chosen()).toMatchObject({ isNew: true });
    expect([chosen({}, { at: plusMs(start, -1) }), chosen({}, { inForce: 'version-2' }), chosen({}, { trigger: 'moved' }), chosen({}, { trigger: null }), chosen({ state: 'stopped' }), chosen({}, { now: plusMs(start, 1_000) })]).toEqual([null, null, null, null, null, null]);
  });

  it('stays through moves, to other plans too, until the experiment ends', () => {
    expect(chosen({}, { assigned: 'more', inForce: 'another', trigger: 'moved' })).toMatchObject({ isNew: false, arm: { key: 'more' } });
    expect(chosen({}, { assigned: 'more', now: plusMs(start, 1_000) })).toBeNull();
  });
});
