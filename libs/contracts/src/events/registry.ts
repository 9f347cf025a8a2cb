import * as access from './access';
import * as appointment from './appointment';
import * as calendar from './calendar';
import { type EventDefinition } from './define-event';
import * as governance from './governance';
import * as messages from './messages';
import * as patient from './patient';
import * as recall from './recall';
import * as recommendation from './recommendation';
import * as reference from './reference';
import * as referral from './referral';
import * as reminder from './reminder';
import * as sharedTime from './shared-time';
import * as statement from './statement';
import * as waitlist from './waitlist';
import * as webhook from './webhook';

const isDefinition = (value: unknown): value is EventDefinition => typeof value === 'object' && value !== null && 'topic' in value && 'type' in value && 'schema' in value && 'summary' in value;

/** Every event of every version, by its CloudEvents type. */
export const eventRegistry: ReadonlyMap<string, EventDefinition> = new Map(
  [access, appointment, calendar, governance, messages, patient, recall, recommendation, reference, referral, reminder, sharedTime, statement, waitlist, webhook].flatMap((module) => Object.values(module)).filter(isDefinition).map((definition) => [definition.type, definition]),
);
