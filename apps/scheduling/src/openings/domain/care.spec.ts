import type { PracticeId, SiteId, Zone } from '@slotmesh/kernel';
import { type HelpfulResource, type PatientNeeds, type VisitNeed, sameNeeds, tailored } from './care';
import { gridMinutes } from './grid';
import type { Offering } from './opening';

const offering = {
  practice: 'harbor' as PracticeId, site: 'boston' as SiteId, durationMinutes: 30, extraMinutes: 0, longerVisitMinutes: 15, seats: null, modality: 'in-person', languages: ['en'], zone: 'America/New_York' as Zone,
  needs: [{ kind: 'room', capabilities: ['laser'], bufferBeforeMinutes: 0, bufferAfterMinutes: 10 }],
} as unknown as Offering;
const patient = (...needs: VisitNeed[]): PatientNeeds => ({ needs, language: 'es' });
const one = (kind: 'interpreter' | 'room', capability: string, site = 'boston', practice = 'harbor'): HelpfulResource => ({ practice: practice as PracticeId, site: site as SiteId, kind, capabilities: [capability] });

describe('what a patient needs', () => {
  it('takes an interpreter of the language, unless the provider speaks it', () => {
    expect(tailored(offering, patient('interpreter'), [one('interpreter', 'es')])).toMatchObject({ offering: { needs: [{ kind: 'room' }, { kind: 'interpreter', capabilities: ['es'] }] }, care: { toArrange: [] } });
    expect(tailored({ ...offering, languages: ['en', 'es'] }, patient('interpreter'), [one('interpreter', 'es')])).toMatchObject({ offering: { needs: offering.needs }, care: { toArrange: [] } });
    expect(tailored({ ...offering, languages: ['es'] }, patient('sign-language'), [one('interpreter', 'sign')])).toMatchObject({ offering: { needs: [{}, { capabilities: ['sign'] }] } });
  });

  it('is arranged where the visit is of a group: its room, its length and its people are there for all', () => {
    const group = { ...offering, seats: 8 };
    expect(tailored(group, patient('wheelchair', 'longer-visit', 'interpreter'), [one('room', 'wheelchair', 'worcester')])).toEqual({ offering: group, care: { needs: ['wheelchair', 'longer-visit', 'interpreter'], language: 'es', extraMinutes: 0, toArrange: ['wheelchair', 'longer-visit', 'interpreter'] } });
  });

  it('never makes a practice unbookable that keeps nothing for it: then somebody has to arrange it', () => {
    const all = patient('interpreter', 'sign-language', 'wheelchair', 'longer-visit');
    expect(tailored({ ...offering, longerVisitMinutes: 0 }, all, [one('interpreter', 'es', 'denver', 'summit'), one('interpreter', 'pt')])).toEqual({
      offering: { ...offering, longerVisitMinutes: 0 }, care: { ...all, extraMinutes: 0, toArrange: ['interpreter', 'sign-language', 'wheelchair', 'longer-visit'] },
    });
  });

  it('leaves out the site that cannot serve it while another of the practice can', () => {
    expect(tailored(offering, patient('wheelchair'), [one('room', 'wheelchair', 'worcester')])).toEqual({ leftOut: 'the site has no room that takes a wheelchair' });
    expect(tailored(offering, patient('interpreter'), [one('interpreter', 'es', 'worcester')])).toEqual({ leftOut: 'no interpreter (es) works at this site' });
    expect(tailored({ ...offering, modality: 'video' }, patient('wheelchair'), [one('room', 'wheelchair', 'worcester')])).toMatchObject({ care: { toArrange: [] } });
  });

  it('asks the room for the wheelchair beside what the visit asks of it, and keeps the grid of the visit type for a longer visit', () => {
    const answer = tailored(offering, patient('wheelchair', 'longer-visit'), [one('room', 'wheelchair')]);
    expect(answer).toMatchObject({ offering: { durationMinutes: 45, needs: [{ kind: 'room', capabilities: ['laser', 'wheelchair'], bufferAfterMinutes: 10 }] }, care: { extraMinutes: 15 } });
    expect('offering' in answer && gridMinutes(answer.offering)).toBe(gridMinutes(offering));
  });

  it('is the same whatever order it is written in', () => {
    expect(sameNeeds(patient('wheelchair', 'interpreter'), patient('interpreter', 'wheelchair'))).toBe(true);
    expect(sameNeeds(patient('wheelchair'), patient('wheelchair', 'interpreter'))).toBe(false);
    expect(sameNeeds(null, patient('wheelchair'))).toBe(false);
    expect(sameNeeds(null, null)).toBe(true);
  });
});
