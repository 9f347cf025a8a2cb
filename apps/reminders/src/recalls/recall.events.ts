import { RecallChanged, RecallClosed, RecallRecorded, type RecallSnapshot } from '@slotmesh/contracts';
import { type OutgoingEvent, eventOf } from '@slotmesh/persistence';
import { type Recall, isClosed } from './domain/recall';

export const snapshotOfRecall = ({ id, practice, patient, kind, revision, state, reason, due, zone, appointment }: Recall): RecallSnapshot => ({ id, practice, patient, kind, revision, state, reason, due, zone, appointment });

export const recallRecorded = (recall: Recall): OutgoingEvent => eventOf(RecallRecorded, { key: recall.id, host: recall.practice }, { recall: snapshotOfRecall(recall) });
export const recallMoved = (recall: Recall): OutgoingEvent => eventOf(isClosed(recall) ? RecallClosed : RecallChanged, { key: recall.id, host: recall.practice }, { recall: snapshotOfRecall(recall) });
