// The keys of scheduled work items, as JavaScript sees them.

const { scheduleWorkItem } = require('rtworkq');
const { say, sayEnd } = require('../lib/say.js');

const ITEMS = 100;
const FAR_AWAY_MS = 60_000;

const items = Array.from({ length: ITEMS }, () => scheduleWorkItem(FAR_AWAY_MS));
const keys = items.map(({ key }) => key);
say('bigint', `${keys.filter((key) => typeof key === 'bigint').length} of ${ITEMS}`);
say('top bit set', `${keys.filter((key) => key >> 63n === 1n).length} of ${ITEMS}`);
say('distinct', `${new Set(keys).size} of ${ITEMS}`);
say('cancelled', `${items.filter((item) => item.cancel()).length} of ${ITEMS}`);
sayEnd();
