// The intervals' periods in milliseconds; the last is one frame at 60 Hz.

exports.PERIODS = [0.5, 1, 5, 10, 16.667];
