// What a row in JavaScript says: the same lines as those of native/answers.h.

const print = (object) => console.log(JSON.stringify(object));

/** @param {string} about @param {string | number} value */
exports.say = (about, value) => print({ about, value });

/** @param {string} about @param {string} unit @param {number[]} values */
exports.sayAll = (about, unit, values) => print({ about, unit, values: values.map((value) => Number(value.toPrecision(6))) });

/** The last line: a process that ends without it has crashed. */
exports.sayEnd = () => print({ end: true });
