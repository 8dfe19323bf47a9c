// The addon of native/naive with a ThreadSafeFunction for each work item, and a promise around it.

const { files } = require('../lib/settings.js');
const { startMeter } = require('../lib/meter.js');
const naive = require(files.naive);

const putOne = () => new Promise((resolve) => naive.put(resolve));

async function put(count, window) {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await putOne();
  };
  const perItem = startMeter();
  await Promise.all(Array.from({ length: window }, lane));
  return perItem(count);
}

module.exports = { measures: { put } };
