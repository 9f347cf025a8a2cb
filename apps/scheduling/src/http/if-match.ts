export { versionOf } from '@slotmesh/platform';
