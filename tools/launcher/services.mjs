/** @typedef {{ name: string, port: number, ops: number, seeds?: boolean, rebuilds?: boolean, extensions?: string[], sandboxOnly?: boolean }} Service */

/** The processes of a stack in the order in which they are shown. @type {Service[]} */
export const services = [
  { name: 'sandbox', port: 8085, ops: 9085, sandboxOnly: true },
  { name: 'scheduling', port: 8081, ops: 9081, seeds: true, extensions: ['btree_gist'] },
  { name: 'reminders', port: 8082, ops: 9082 },
  { name: 'notifications', port: 8083, ops: 9083 },
  { name: 'capacity', port: 8084, ops: 9084, rebuilds: true },
  { name: 'gateway', port: 8080, ops: 9080 },
];

/** @param {string} mode sandbox | production */
export const servicesIn = (mode) => services.filter((service) => mode === 'sandbox' || !service.sandboxOnly);
