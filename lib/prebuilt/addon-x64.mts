// The same for bundlers that take ES modules: some follow such a URL, others such a require().

export const literals = [
  (): unknown => new URL('../../prebuilds/win32-x64/node.napi.node', import.meta.url),
  (): unknown => require('../../prebuilds/win32-x64/node.napi.node'),
];
