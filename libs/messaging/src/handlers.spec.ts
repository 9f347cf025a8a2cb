import { AppointmentBooked, AppointmentCancelled, MessageRequested } from '@slotmesh/contracts';
import type { PracticeId } from '@slotmesh/kernel';
import { EventHandlers } from './handlers';

const harbor = 'harbor' as PracticeId;
const nothing = async (): Promise<void> => undefined;

describe('what a service passes by', () => {
  it('is what names no booking practice, in a topic of which every handler takes only what goes across', () => {
    const handlers = new EventHandlers();
    handlers.add(AppointmentBooked, nothing, { across: true });
    handlers.add(MessageRequested, nothing);
    expect(handlers.passesBy({ topic: AppointmentBooked.topic, booking: null })).toBe(true);
    expect(handlers.passesBy({ topic: AppointmentBooked.topic, booking: harbor })).toBe(false);
    expect(handlers.passesBy({ topic: MessageRequested.topic, booking: null })).toBe(false);
    handlers.add(AppointmentCancelled, nothing);
    expect(handlers.passesBy({ topic: AppointmentBooked.topic, booking: null })).toBe(false);
  });
});
