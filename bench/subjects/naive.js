// The addon of native/naive with a ThreadSafeFunction for each work item, and a promise around it.

const { inLanes } = require('../lib/awaited.js');
const { files } = require('../lib/settings.js');
const naive = require(files.naive);

const putOne = () => new Promise((resolve) => naive.put(resolve));

module.exports = { measures: { put: (count, window) => inLanes(putOne, count, window) } };
