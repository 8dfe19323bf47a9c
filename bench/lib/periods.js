// The periods of the intervals, in milliseconds; the last is that of a picture at 60 Hz.

exports.PERIODS = [0.5, 1, 5, 16.667];
