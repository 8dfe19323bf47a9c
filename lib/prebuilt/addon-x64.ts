// The addon for Windows x64, named literally so that bundlers can follow it.

export const literals = [(): unknown => require('../../prebuilds/win32-x64/node.napi.node')];
