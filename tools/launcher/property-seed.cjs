// `npm test` says by which seed properties are tried; elsewhere each run tries others.
const fc = require('fast-check');

if (process.env.PROPERTY_SEED) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.PROPERTY_SEED) });
