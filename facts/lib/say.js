// Prints a JavaScript row's results, in the same format as native/answers.h.

const print = (object) => console.log(JSON.stringify(object));

/** @param {string} about @param {string | number} value */
exports.say = (about, value) => print({ about, value });

/** @param {string} about @param {string} unit @param {number[]} values */
exports.sayAll = (about, unit, values) => print({ about, unit, values: values.map((value) => Number(value.toPrecision(6))) });

/** Prints the last line. A process that exits without it counts as crashed. */
exports.sayEnd = () => print({ end: true });
