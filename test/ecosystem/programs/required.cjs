exports.required = require('rtworkq').WorkItem;
