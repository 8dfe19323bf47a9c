// The sizes that show how the cost of one grows with their number.

exports.COUNTS = [1_000, 10_000, 100_000, 1_000_000];
