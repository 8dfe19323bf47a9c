// From `require()` to the first work item, in a new process each time.

module.exports = () => [{ name: 'import', subjects: ['import-empty', 'import-rtworkq'], request: () => ['load'], fresh: true }];
