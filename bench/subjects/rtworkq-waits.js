// The package's waits for handles.

const { requireHere } = require('../lib/package.js');
const { measureManyWaits } = require('../lib/many-waits.js');
const { measureSignals } = require('../lib/signals.js');
const { waitFor } = requireHere('rtworkq');

const waiterOf = (event) => () => waitFor(event);

module.exports = {
  measures: {
    signals: (...numbers) => measureSignals(waiterOf, ...numbers),
    manyWaits: measureManyWaits,
  },
};
