// The addon of Windows ia32, named so that a bundler can follow it.

export const literals = [(): unknown => require('../../prebuilds/win32-ia32/node.napi.node')];
