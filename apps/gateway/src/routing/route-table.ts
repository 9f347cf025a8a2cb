import type { GatewayConfig } from '../config';

export const services = ['scheduling', 'reminders', 'notifications', 'capacity'] as const;

export interface Route {
  /** Path on both sides: nothing is rewritten. */
  readonly prefix: string;
  readonly service: string;
  readonly upstream: string;
  /** Whether a browser's session is turned into a bearer token here. */
  readonly session: boolean;
  /** How many connections to the service it may open, where that is not the usual number. */
  readonly connections?: number;
  /** Takes files (text/csv) larger than other bodies. */
  readonly files?: boolean;
}

/** A stream keeps its connection: on the connections of the rest it would keep everybody else waiting. */
const STREAMS = 10_000;

/** Where a path goes. What stands here is all that the outside reaches; operations ports and Twilio's stand-in are not in it. */
export function routeTable(config: GatewayConfig): Route[] {
  const upstream = { scheduling: config.SCHEDULING_URL, reminders: config.REMINDERS_URL, notifications: config.NOTIFICATIONS_URL, capacity: config.CAPACITY_URL };
  const routes: Route[] = [
    ...services.map((service) => ({ prefix: `/api/${service}`, service, upstream: upstream[service], session: true })),
    { prefix: '/api/scheduling/v1/events', service: 'scheduling', upstream: upstream.scheduling, session: true, connections: STREAMS },
    { prefix: '/api/capacity/v1/trials', service: 'capacity', upstream: upstream.capacity, session: true, files: true },
    { prefix: '/fhir', service: 'scheduling', upstream: upstream.scheduling, session: true },
    { prefix: '/smart-scheduling', service: 'scheduling', upstream: upstream.scheduling, session: false },
    { prefix: '/a', service: 'scheduling', upstream: upstream.scheduling, session: false },
    { prefix: '/u', service: 'notifications', upstream: upstream.notifications, session: false },
    { prefix: '/e', service: 'reminders', upstream: upstream.reminders, session: false },
    { prefix: '/webhooks', service: 'notifications', upstream: upstream.notifications, session: false },
  ];
  if (config.MODE === 'sandbox' && config.SANDBOX_URL !== undefined) routes.push({ prefix: '/sandbox', service: 'sandbox', upstream: config.SANDBOX_URL, session: false });
  return routes;
}
