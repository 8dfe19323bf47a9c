// The addon of Windows x64, named so that a bundler can follow it.

export const literals = [(): unknown => require('../../prebuilds/win32-x64/node.napi.node')];
