import { bookRequest, findRequest, holdRequest } from './bookings';
import { parametersAs } from './parameters';

const [hold, patient, visit] = ['019b0000-0000-7000-8000-000000000001', '019b0000-0000-7000-8000-000000000002', '019b0000-0000-7000-8000-000000000003'];
const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
const wrong = (schema: { safeParse: (value: unknown) => { error?: { issues: { path: PropertyKey[] }[] } } }, ...parameter: object[]) => schema.safeParse(parameters(...parameter)).error?.issues.map(({ path }) => path.join('.'));
const [find, holds, books] = [parametersAs(findRequest), parametersAs(holdRequest), parametersAs(bookRequest)];
const who = { name: 'patient-id', valueId: patient };

describe('Parameters', () => {
  it('reads the same from Parameters as from a URL', () => {
    const range = { start: '2026-12-01T00:00:00Z', end: '2026-12-08T00:00:00Z' };
    const byParameters = find.parse(parameters({ name: 'start', valueInstant: range.start }, { name: 'end', valueDateTime: range.end }, { name: 'organization', valueReference: { reference: 'Organization/harbor' } }, { name: 'organization', valueReference: { reference: 'Organization/summit' } },
      { name: 'visit-type', valueCodeableConcept: { coding: [{ system: 'urn:slotmesh:service', code: 'echo' }] } }, { name: 'patient-reference', valueReference: { reference: `Patient/${patient}` } }));
    expect(byParameters).toEqual(findRequest.parse({ ...range, organization: 'harbor,summit', 'visit-type': 'urn:slotmesh:service|echo', 'patient-reference': patient }));
  });

  it('names what is not known, given twice, or has no value', () => {
    expect(wrong(holds, { name: 'appt-id' })).toEqual(['parameter.0']);
    expect(wrong(holds, { name: 'appt-id', valueId: 'o1' }, { name: 'appt-id', valueId: 'o2' })).toEqual(['appt-id']);
    expect(wrong(find, { name: 'start', valueInstant: 'x' }, { name: 'end', valueInstant: '2026-12-08T00:00:00Z' })).toEqual(['start']);
  });
});

describe('$hold', () => {
  it.each([{ name: 'appt-id', valueId: 'o1' }, { name: 'appointment-reference', valueReference: { reference: 'Appointment/o1' } }, { name: 'appt-resource', resource: { resourceType: 'Appointment', id: 'o1', status: 'proposed' } }, { name: 'appt-resource', resource: { resourceType: 'Appointment', status: 'proposed', slot: [{ reference: 'Slot/o1' }] } }])(
    'takes %j', (parameter) => expect(holds.parse(parameters(parameter))).toEqual({ opening: 'o1' }));
  it('refuses what is held or booked already, and two at once', () => {
    expect(wrong(holds, { name: 'appt-id', valueId: hold })).toEqual(['appt-id']);
    expect(wrong(holds, { name: 'appt-id', valueId: 'o1' }, { name: 'appointment-reference', valueReference: { reference: 'Appointment/o1' } })).toContain('appt-id');
  });
});

describe('$book', () => {
  const given = { resourceType: 'Appointment', id: hold, status: 'pending', participant: [{ actor: { reference: `Patient/${patient}` }, status: 'accepted' }, { actor: { reference: 'Location/1' }, status: 'accepted' }] };

  it('tells holds from openings by their ids', () => {
    expect(books.parse(parameters({ name: 'appt-id', valueId: hold }, who))).toMatchObject({ id: { hold }, patient, moves: null });
    expect(books.parse(parameters({ name: 'appt-id', valueString: 'o1' }, { name: 'patient-reference', valueReference: { reference: `Patient/${patient}` } }))).toMatchObject({ id: { opening: 'o1' }, patient });
  });
  it('takes the patient and the reason from the resource, too', () => {
    expect(books.parse(parameters({ name: 'appt-resource', resource: { ...given, reasonCode: [{ text: 'A mole' }] } }))).toMatchObject({ id: { hold }, patient, comment: 'A mole' });
    expect(wrong(books, { name: 'appt-resource', resource: given }, { name: 'patient-id', valueId: visit })).toEqual(['patient-id']);
    expect(wrong(books, { name: 'appt-resource', resource: { ...given, participant: [...given.participant, given.participant[0]] } })).toEqual(['appt-resource.participant']);
  });
  it('needs a patient only for a new visit', () => {
    expect(wrong(books, { name: 'appt-id', valueId: 'o1' })).toEqual(['patient-id']);
    expect(books.parse(parameters({ name: 'appt-id', valueId: 'o1' }, { name: 'cancelled-appt-id', valueId: visit }))).toMatchObject({ moves: visit, patient: null });
    expect(books.parse(parameters({ name: 'appointment-resource', resource: { resourceType: 'Appointment', id: visit, status: 'cancelled' } }))).toMatchObject({ resource: { status: 'cancelled' } });
  });
});
