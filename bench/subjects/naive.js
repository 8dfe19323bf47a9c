// The addon in native/naive: a ThreadSafeFunction and a promise for each work item.

const { inLanes } = require('../lib/awaited.js');
const { files } = require('../lib/settings.js');
const naive = require(files.naive);

const putOne = () => new Promise((resolve) => naive.put(resolve));

module.exports = { measures: { put: (count, window) => inLanes(putOne, count, window) } };
