// The addon for Windows ia32, named literally so that bundlers can follow it.

export const literals = [(): unknown => require('../../prebuilds/win32-ia32/node.napi.node')];
