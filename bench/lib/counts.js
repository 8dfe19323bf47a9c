// The sizes at which it is seen how cost grows.

exports.COUNTS = [1_000, 10_000, 100_000, 1_000_000];
