// What the waits of the case "waits" are for; lib/many-waits.js makes it.

exports.KINDS = ['events', 'semaphores', 'timers', 'handles of one process'];
exports.MANY = 10_000;
