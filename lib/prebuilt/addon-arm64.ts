// The addon for Windows arm64, named literally so that bundlers can follow it.

export const literals = [(): unknown => require('../../prebuilds/win32-arm64/node.napi.armv8.node')];
