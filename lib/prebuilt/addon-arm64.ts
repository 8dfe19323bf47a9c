// The addon of Windows arm64, named so that a bundler can follow it.

export const literals = [(): unknown => require('../../prebuilds/win32-arm64/node.napi.armv8.node')];
