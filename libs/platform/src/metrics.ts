import { Histogram, collectDefaultMetrics, register } from 'prom-client';

collectDefaultMetrics({ register });

/** Labels hold routes and codes only, never an id or a person. */
export const httpServerRequests = new Histogram({
  name: 'http_server_requests_seconds',
  help: 'Time from request to response, by route pattern.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.002, 0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 10],
});
