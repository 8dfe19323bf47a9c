// From nothing to the first work item, in a new process each.

module.exports = () => [{ name: 'import', subjects: ['import-empty', 'import-rtworkq'], request: () => ['load'], fresh: true }];
